import type { Schema } from '../api/schemas.js';

export type Entry = Schema<'AuditEntry'>;

/** What can be changed, in words. */
export const resources: Record<Entry['resource'], string> = {
  webhook: 'webhook',
  subscription: 'subscription',
  event_type: 'event type',
  catalogue: 'catalogue',
  external_system: 'external system',
  source: 'source',
  delivery: 'delivery',
  replay: 'replay',
  api_key: 'API key',
  organization: 'organization',
};

/** What can be done, in words. */
export const actions: Record<Entry['action'], string> = {
  created: 'made',
  updated: 'changed',
  deleted: 'deleted',
  rotated: 'gave a new secret to',
  imported: 'imported',
  resent: 'resent',
  cancelled: 'cancelled',
  sent_now: 'sent now',
  paused: 'paused',
  resumed: 'resumed',
};

/** The address of what was changed, as segments; undefined where it has none, or is gone. */
export function placeOf({ resource, resourceId, action }: Entry): readonly string[] | undefined {
  if (action === 'deleted') return undefined;
  switch (resource) {
    case 'webhook':
      return ['webhooks', resourceId];
    case 'subscription':
      return ['subscriptions', resourceId];
    case 'event_type':
      return ['event-types', resourceId];
    case 'catalogue':
      return ['event-types', 'import'];
    case 'external_system':
      return ['external-systems', resourceId];
    case 'source':
      return ['sources', resourceId];
    case 'delivery':
      return ['sent', resourceId];
    case 'replay':
      return ['replays', resourceId];
    case 'api_key':
      return ['api-keys'];
    case 'organization':
      return ['organizations'];
  }
}
