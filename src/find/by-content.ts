import { findableText } from '../ingestion/identifiers.js';
import type { EventRecord } from '../models/event.js';
import type { Finder, Found } from './found.js';

/** The newest events of each way. */
const mostEach = 10;

/** Finds events by a key, a correlation id or a value of their data, all of it exact but for upper and lower case of values. */
export const eventFinders: readonly Finder[] = [
  eventFinder('idempotency_key', (text) => ({ idempotencyKey: text })),
  eventFinder('correlation_id', (text) => ({ correlationId: text })),
  eventFinder('value', (text) => ({ values: findableText(text) })),
];

function eventFinder(match: Found['match'], filterOf: (text: string) => Record<string, string>): Finder {
  return {
    permission: 'history',
    async find({ models }, tenant, text) {
      const events = await models.events
        .find({ ...tenant, ...filterOf(text) }, { type: 1, createdAt: 1 })
        .sort({ createdAt: -1, _id: -1 })
        .limit(mostEach)
        .lean<Pick<EventRecord, '_id' | 'type' | 'createdAt'>[]>();
      return events.map(({ _id, type, createdAt }) => ({
        kind: 'event',
        id: _id,
        title: type,
        detail: createdAt.toISOString(),
        match,
      }));
    },
  };
}
