import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from '../context.js';
import { invalid, type FieldError } from '../errors/problem.js';
import { checkPayload, requestBudget, type EventSchema } from '../event-schemas/event-schema.js';
import type { EventTypeRecord } from '../models/event-type.js';
import type { Tenant } from '../models/tenant.js';
import type { NewEvent, PathOf } from './new-event.js';

type KnownType = Pick<EventTypeRecord, '_id' | 'name' | 'schemaJson' | 'revision'>;

/** Refuses unknown types, and data that the type's schema does not allow: a 422 Problem that lists every error. */
export async function checkEvents(
  ctx: Context,
  tenant: Tenant,
  events: readonly NewEvent[],
  pathOf: PathOf,
): Promise<void> {
  const names = [...new Set(events.map(({ type }) => type))];
  const types: KnownType[] = await ctx.models.eventTypes
    .find({ ...tenant, name: { $in: names } }, { name: 1, schemaJson: 1, revision: 1 })
    .lean();
  const byName = new Map(types.map((type) => [type.name, type]));
  const budget = requestBudget();
  const errors: FieldError[] = [];
  for (const [index, { type, data }] of events.entries()) {
    const known = byName.get(type);
    const found = known
      ? dataErrors(known, data, budget)
      : [{ path: 'type', message: `there is no event type ${type}; make it or import it first` }];
    errors.push(
      ...found.map(({ path, message }) => ({
        path: [...pathOf(index), path].map(String).join('.'),
        message,
      })),
    );
    // A costly schema holds up nobody else for longer than one event.
    if (known?.schemaJson && events.length > 1) await nextTurn();
  }
  if (errors.length > 0) throw invalid(errors);
}

function dataErrors(
  { _id, schemaJson, revision }: KnownType,
  data: unknown,
  budget: ReturnType<typeof requestBudget>,
): FieldError[] {
  if (schemaJson === null) return [];
  const schema = JSON.parse(schemaJson) as EventSchema;
  return checkPayload(schema, `${_id}@${revision}`, data, budget).map(({ path, message }) => ({
    path: path === '' ? 'data' : `data.${path}`,
    message,
  }));
}
