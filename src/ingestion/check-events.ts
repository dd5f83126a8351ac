import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Configuration, KnownEventType } from '../configuration/configurations.js';
import { invalid, type FieldError } from '../errors/problem.js';
import { checkPayload, requestBudget } from '../event-schemas/event-schema.js';
import { isOperational, reservedType } from '../operational-events/types.js';
import type { Publication } from './new-event.js';

/** Refuses unknown types, and data that the type's schema does not allow: a 422 Problem that lists every error. */
export async function checkEvents(
  { eventTypes }: Configuration,
  { events, pathOf, operational }: Publication,
): Promise<void> {
  const budget = requestBudget();
  const errors: FieldError[] = [];
  for (const [index, { type, data }] of events.entries()) {
    const known = eventTypes.get(type);
    const refused = operational === undefined && isOperational(type);
    const found = refused
      ? [{ path: 'type', message: `${type} ${reservedType}` }]
      : known
        ? dataErrors(known, data, budget)
        : [{ path: 'type', message: `there is no event type ${type}; make it or import it first` }];
    errors.push(
      ...found.map(({ path, message }) => ({
        path: [...pathOf(index), path].map(String).join('.'),
        message,
      })),
    );
    // A costly schema holds up nobody else for longer than one event.
    if (known?.schema && events.length > 1) await nextTurn();
  }
  if (errors.length > 0) throw invalid(errors);
}

function dataErrors(
  { schemaKey, schema }: KnownEventType,
  data: unknown,
  budget: ReturnType<typeof requestBudget>,
): FieldError[] {
  if (schema === null) return [];
  return checkPayload(schema, schemaKey, data, budget).map(({ path, message }) => ({
    path: path === '' ? 'data' : `data.${path}`,
    message,
  }));
}
