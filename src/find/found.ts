import type { Permission } from '../api/permissions.js';
import type { Context } from '../context.js';
import type { Tenant } from '../models/tenant.js';

/** What can be found. */
export const foundKinds = [
  'event',
  'delivery',
  'webhook',
  'subscription',
  'event_type',
  'external_system',
  'source',
  'received',
  'replay',
  'api_key',
] as const;
export type FoundKind = (typeof foundKinds)[number];

/** By what it was found, the surest first. */
export const matches = [
  'id',
  'workflow_id',
  'idempotency_key',
  'correlation_id',
  'value',
  'name',
  'url',
] as const;

/** Something that was found. */
export interface Found {
  kind: FoundKind;
  /** Of an event type its name. */
  id: string;
  title: string;
  detail: string | null;
  match: (typeof matches)[number];
}

/** One way to find something: what a role needs for it, and the look-up, served by an index. */
export interface Finder {
  permission: Permission;
  find(ctx: Context, tenant: Tenant, text: string): Promise<Found[]>;
}
