import type {
  DeliverWebhookInput,
  DeliveryResult,
  DispatchGroupInput,
  GroupResult,
  GroupTurn,
  LaneInput,
  LaneTurn,
  ReplayInput,
  ReplayTurn,
} from './input.js';

/** The activities as workflows see them: each has a file of its own in `src/activities`. */
export interface Activities {
  /** Fetches the access token of a delivery's webhook; a failed fetch is recorded as a failed attempt. */
  fetchAccessToken(input: DeliverWebhookInput): Promise<void>;
  /** Makes the delivery's next attempt, if it is due. Throws with the delay to the one after it. */
  sendWebhook(input: DeliverWebhookInput): Promise<DeliveryResult>;
  /** Makes the first attempts of many deliveries, each once, and starts a workflow for each that is not over then. */
  sendGroup(input: DispatchGroupInput): Promise<GroupResult>;
  /** The same of those whose endpoints are known to be fast, where few enough groups are sent so; the others are left. */
  sendFastOfGroup(input: DispatchGroupInput): Promise<GroupTurn>;
  /** Makes the attempts of a lane's deliveries in order, until one has to wait. Throws with the delay where that one is `shown`. */
  walkLane(input: LaneInput): Promise<LaneTurn>;
  /** Ends a delivery as cancelled unless it is over, and tells how it ended. */
  cancelDelivery(input: DeliverWebhookInput): Promise<DeliveryResult>;
  /** Lets a webhook's open deliveries act on its state: wakes what was held, cancels where it is off or deleted. */
  settleWebhook(webhookId: string): Promise<void>;
  /** Does the next page of a replay, if it is to go on, and tells how it stands. */
  takeReplayTurn(input: ReplayInput): Promise<ReplayTurn>;
  /** Ends a replay as cancelled unless it is over. */
  cancelReplay(input: ReplayInput): Promise<void>;
  /** Repairs what has drifted, and goes on with the books of the ledger. */
  sweep(): Promise<void>;
}
