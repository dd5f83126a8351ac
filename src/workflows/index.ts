export { deliverWebhook } from './deliver-webhook.js';
export { settleWebhook } from './settle-webhook.js';
