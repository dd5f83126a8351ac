import type { Schema } from '../api/schemas.js';

export type Role = Schema<'NewApiKey'>['role'];

/** What each role may, for those who choose one. */
export const roles: Record<Role, string> = {
  admin: 'Everything: webhooks, subscriptions, event types, credentials and keys.',
  operator: 'Reads all, and runs it: tests, resends, sends now, cancels, replays. Changes no settings.',
  publisher: 'Publishes events, and reads events and deliveries. For the service that publishes.',
  viewer: 'Reads all, changes nothing.',
};
