import type { IncomingHttpHeaders } from 'node:http';
import type { Context } from '../context.js';
import type { SourceRecord } from '../models/source.js';
import { tenantOf, type Tenant } from '../models/tenant.js';
import { headerOf } from './verify.js';

/** What a request that arrived speaks of, as far as it can be told. */
export interface Correlated {
  eventId: string | null;
  deliveryId: string | null;
}

/** What a receiver that echoes our own headers sends back, the most telling first. */
const echoed = ['postrider-delivery-id', 'webhook-id', 'postrider-correlation-id'];
/** Ids and correlation ids are no longer than this. */
const longest = 200;

/**
 * Finds the delivery or event that a request speaks of: by what its source names, then by our own headers. A value
 * counts as the id of a delivery, the id of an event, or a correlation id (the newest event that has it), and
 * only within the source's own organization and environment.
 */
export async function correlate(
  ctx: Context,
  source: SourceRecord,
  { headers, text }: { headers: IncomingHttpHeaders; text: string | undefined },
): Promise<Correlated> {
  const named = nameGiven(source, headers, text);
  const values = [named, ...echoed.map((name) => headerOf(headers, name))];
  for (const value of new Set(values)) {
    if (value === undefined || value === '' || value.length > longest) continue;
    const found = await find(ctx, tenantOf(source), value);
    if (found) return found;
  }
  return { eventId: null, deliveryId: null };
}

function nameGiven(
  { correlation }: SourceRecord,
  headers: IncomingHttpHeaders,
  text: string | undefined,
): string | undefined {
  if (correlation === null) return undefined;
  if ('header' in correlation) return headerOf(headers, correlation.header)?.trim();
  return text === undefined ? undefined : valueAt(text, correlation.path);
}

/** A string or number at a dotted path of a JSON text. */
function valueAt(text: string, path: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

async function find(ctx: Context, tenant: Tenant, value: string): Promise<Correlated | undefined> {
  const { deliveries, events } = ctx.models;
  const delivery = await deliveries.findOne({ _id: value, ...tenant }, { eventId: 1 }).lean();
  if (delivery) return { eventId: delivery.eventId, deliveryId: delivery._id };
  const event =
    (await events.findOne({ _id: value, ...tenant }, { _id: 1 }).lean()) ??
    (await events
      .findOne({ ...tenant, correlationId: value }, { _id: 1 })
      .sort({ createdAt: -1, _id: -1 })
      .lean());
  return event ? { eventId: event._id, deliveryId: null } : undefined;
}
