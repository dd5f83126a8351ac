import type { Context } from '../context.js';
import type { Activities } from '../workflows/activities.js';
import { cancelDelivery } from './cancel-delivery.js';
import { cancelReplay } from './cancel-replay.js';
import { fetchAccessToken } from './fetch-access-token.js';
import { sendFastOfGroup } from './send-fast-of-group.js';
import { sendGroup } from './send-group.js';
import { sendWebhook } from './send-webhook.js';
import { settleWebhook } from './settle-webhook.js';
import { sweep } from './sweep.js';
import { takeReplayTurn } from './take-replay-turn.js';
import { walkLane } from './walk-lane.js';

/** The activities that a worker runs. */
export function createActivities(ctx: Context): Activities {
  return {
    cancelDelivery: cancelDelivery(ctx),
    fetchAccessToken: fetchAccessToken(ctx),
    sendFastOfGroup: sendFastOfGroup(ctx),
    sendGroup: sendGroup(ctx),
    sendWebhook: sendWebhook(ctx),
    settleWebhook: settleWebhook(ctx),
    takeReplayTurn: takeReplayTurn(ctx),
    cancelReplay: cancelReplay(ctx),
    walkLane: walkLane(ctx),
    sweep: sweep(ctx),
  };
}
