import type { Role } from '../models/api-key.js';

/** What a call needs: a role's permission, any key at all (`any`), no key (`public`), or the root key (`root`). */
export type Permission =
  'public' | 'any' | 'root' | 'keys' | 'audit' | 'configure' | 'read' | 'history' | 'publish' | 'operate';

/** What each role may. `history` is events and deliveries; `operate` is to test, resend, cancel and send now. */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  admin: ['any', 'keys', 'audit', 'configure', 'read', 'history', 'publish', 'operate'],
  operator: ['any', 'read', 'history', 'operate'],
  publisher: ['any', 'history', 'publish'],
  viewer: ['any', 'read', 'history'],
};

/**
 * Every call of the API and what it needs. A route without an entry does not start: the table is the one
 * place where access is decided, and a test walks it.
 */
export const permissions = {
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'public',

  'GET /session': 'public',
  'POST /session': 'public',
  'DELETE /session': 'public',

  'GET /v1/me': 'any',

  'GET /v1/organizations': 'root',
  'POST /v1/organizations': 'root',

  'GET /v1/api-keys': 'keys',
  'POST /v1/api-keys': 'keys',
  'DELETE /v1/api-keys/:id': 'keys',

  'GET /v1/audit': 'audit',

  'GET /v1/event-types': 'read',
  'POST /v1/event-types': 'configure',
  'GET /v1/event-types/:name': 'read',
  'PATCH /v1/event-types/:name': 'configure',
  'DELETE /v1/event-types/:name': 'configure',

  'GET /v1/catalogues': 'read',
  'POST /v1/catalogues/:name/import': 'configure',

  'GET /v1/external-systems': 'read',
  'POST /v1/external-systems': 'configure',
  'GET /v1/external-systems/:id': 'read',
  'PATCH /v1/external-systems/:id': 'configure',
  'DELETE /v1/external-systems/:id': 'configure',
  'POST /v1/external-systems/:id/verify': 'operate',

  'GET /v1/overview': 'read',

  // Counts and ids of the history.
  'GET /v1/ledger': 'history',

  'GET /v1/webhook-health': 'read',

  'GET /v1/webhooks': 'read',
  'POST /v1/webhooks': 'configure',
  'GET /v1/webhooks/:id': 'read',
  'PATCH /v1/webhooks/:id': 'configure',
  'DELETE /v1/webhooks/:id': 'configure',
  'POST /v1/webhooks/:id/rotate-secret': 'configure',
  'GET /v1/webhooks/:id/lanes': 'read',
  'GET /v1/webhooks/:id/stats': 'read',
  'GET /v1/webhooks/:id/comparison': 'read',
  'POST /v1/webhooks/:id/test': 'operate',
  // It shows a signature that receivers accept, for data that the caller chooses.
  'POST /v1/webhooks/:id/preview': 'operate',
  'POST /v1/webhook-previews': 'operate',

  'GET /v1/subscriptions': 'read',
  'POST /v1/subscriptions': 'configure',
  'GET /v1/subscriptions/:id': 'read',
  'PATCH /v1/subscriptions/:id': 'configure',
  'DELETE /v1/subscriptions/:id': 'configure',
  'POST /v1/subscriptions/:id/match': 'read',

  // It shows counts and ids, and nothing is kept.
  'POST /v1/dry-runs': 'read',

  // It finds what the role may read.
  'GET /v1/find': 'history',

  'GET /v1/events': 'history',
  'POST /v1/events': 'publish',
  'POST /v1/events/batch': 'publish',
  'GET /v1/events/:id': 'history',

  'GET /v1/deliveries': 'history',
  'GET /v1/deliveries/:id': 'history',
  'POST /v1/deliveries/:id/resend': 'operate',
  'POST /v1/deliveries/:id/cancel': 'operate',
  'POST /v1/deliveries/:id/send-now': 'operate',

  'GET /v1/sources': 'read',
  'POST /v1/sources': 'configure',
  'GET /v1/sources/:id': 'read',
  'PATCH /v1/sources/:id': 'configure',
  'DELETE /v1/sources/:id': 'configure',

  'GET /v1/received': 'read',
  'GET /v1/received/:id': 'read',

  'GET /v1/replays': 'read',
  'POST /v1/replays': 'operate',
  'GET /v1/replays/:id': 'read',
  'POST /v1/replays/:id/pause': 'operate',
  'POST /v1/replays/:id/resume': 'operate',
  'POST /v1/replays/:id/cancel': 'operate',
} as const satisfies Record<string, Permission>;

export type RouteKey = keyof typeof permissions;
