import type { DeliveryRecord, Holder } from '../models/delivery.js';
import type { WebhookRecord } from '../models/webhook.js';

/**
 * Where an attempt is made: in an activity of its own, with others of a group, or inside a workflow's first task (`local`). At `token` no
 * request leaves yet: a token is fetched for the first one.
 */
export type Place = 'activity' | 'group' | 'local' | 'token';

/** A delivery that is due, and asks whether its attempt may leave. */
export interface Asking {
  readonly delivery: Pick<DeliveryRecord, '_id' | 'organizationId' | 'attemptCount' | 'heldBy' | 'intent'>;
  readonly webhook: WebhookRecord;
  readonly place: Place;
}

/** It may leave. */
export interface Go {
  readonly kind: 'go';
  /** Gives back what was taken for it, once its exchange has ended. */
  leave(): void;
}

/** It may not leave now: it looks again after `delayMs`, which is no attempt. */
export interface Later {
  readonly kind: 'later';
  readonly delayMs: number;
  readonly heldBy: Holder;
}

/**
 * One reason for which an attempt may have to wait. A gate may let a short wait pass before it answers; for
 * a `local` attempt, which holds up workflows, none. It throws where it cannot tell: that is trouble of ours, and no attempt.
 */
export interface Gate {
  ask(asking: Asking): Go | Later | Promise<Go | Later>;
}

/** The longest wait inside a gate, in ms: a shorter one costs less than a way through Temporal and back. */
export const patienceMs = 1_000;
/** The same for requests under way to end, where it is a group that waits: its one slot is for many. */
export const groupPatienceMs = 5_000;

/** Lets pass without taking anything. */
export const free: Go = { kind: 'go', leave: () => undefined };
