/** What a delivery's workflow starts with: ids, and nothing of what is sent. */
export interface DeliverWebhookInput {
  deliveryId: string;
  eventId: string;
  webhookId: string;
  /** Whether an access token is fetched before the first attempt. */
  needsToken: boolean;
  /** Whether the first attempt runs inside the workflow's first task: only for endpoints known to be fast. */
  firstAttemptLocal: boolean;
}

/** How a delivery's workflow ends when it neither fails nor is cancelled. */
export interface DeliveryResult {
  status: 'succeeded' | 'cancelled';
  attempts: number;
}

/** A delivery by its ids, and nothing of what is sent. */
export type DeliveryIds = Pick<DeliverWebhookInput, 'deliveryId' | 'eventId' | 'webhookId'>;

/** What a group starts with: some fifty deliveries. */
export interface DispatchGroupInput {
  deliveries: readonly DeliveryIds[];
  /** Whether first attempts to endpoints that the worker knows to be fast are made inside the workflow's first task; by default none. */
  fastInTask?: boolean;
}

/** What became of a group's deliveries, for operators: how many of each. */
export interface GroupResult {
  succeeded: number;
  failed: number;
  cancelled: number;
  /** Not over after the first attempt, or not for a group: they go on in workflows of their own. */
  goingOn: number;
  /** Over before, not there any more, or carried by another workflow. */
  passedOver: number;
}

/** What became of those that were sent inside a workflow's task, and which are left for an activity. */
export interface GroupTurn {
  result: GroupResult;
  left: readonly DeliveryIds[];
}

/** What a lane's workflow starts with: ids, and nothing of the key. */
export interface LaneInput {
  laneId: string;
  /** Whether the first walk runs inside the workflow's first task: only for endpoints known to be fast. */
  firstWalkLocal: boolean;
  /** The delivery whose wait the workflow shows already. */
  shown?: string | undefined;
}

/** What came of a walk along a lane. */
export type LaneTurn =
  { state: 'ended' | 'moving' } | { state: 'waiting'; head: DeliveryIds; message: string };

/** The search attribute that names the deliveries which a workflow carries. */
export const deliveryIdsAttribute = 'PostriderDeliveryIds';

/** Failure types of a delivery that failed for good, and of runs that are tried again. */
export const failureTypes = {
  rejected: 'rejected',
  exhausted: 'exhausted',
  attemptFailed: 'attempt_failed',
  notDue: 'not_due',
  held: 'held',
  missing: 'missing',
} as const;

export const taskQueue = 'postrider';

/** Asks a delivery that waits to look again at once: it was resumed, or is to be sent now. */
export const wakeSignal = 'wake';

/** Asks for another pass over a webhook's deliveries: it was changed again. */
export const settleAgainSignal = 'settleAgain';

/** What a replay's workflow starts with. */
export interface ReplayInput {
  replayId: string;
}

/** How a replay stands after a turn; `progress` is for operators. */
export type ReplayTurn =
  | {
      state: 'running';
      progress: string;
      /** How long what was made takes at the replay's rate. */
      paceMs: number;
    }
  | { state: 'paused' | 'succeeded' | 'failed' | 'cancelled'; progress: string };

/** Asks a replay to look at what was asked of it. */
export const steerSignal = 'steer';
