import type { Schema } from '../api/schemas.js';

/** Why a delivery that is due waits. */
export const holdsBack = {
  paused: 'its webhook is paused',
  rate_limit: "it waits for its webhook's rate limit",
  concurrency: 'it waits for requests under way to end',
  circuit: 'it waits for the endpoint to recover',
} as const satisfies Record<NonNullable<Schema<'Delivery'>['heldBy']>, string>;
