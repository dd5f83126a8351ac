export { deliverWebhook } from './deliver-webhook.js';
export { replay } from './replay.js';
export { settleWebhook } from './settle-webhook.js';
