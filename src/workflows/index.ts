export { deliverWebhook } from './deliver-webhook.js';
export { dispatchGroup } from './dispatch-group.js';
export { lane } from './lane.js';
export { replay } from './replay.js';
export { settleWebhook } from './settle-webhook.js';
export { sweep } from './sweep.js';
