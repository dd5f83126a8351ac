import { apiKeyRoutes } from './resources/api-keys.js';
import { catalogueRoutes } from './resources/catalogues.js';
import { deliveryRoutes } from './resources/deliveries.js';
import { eventTypeRoutes } from './resources/event-types.js';
import { eventRoutes } from './resources/events.js';
import { externalSystemRoutes } from './resources/external-systems.js';
import { verificationRoutes } from './resources/external-system-verification.js';
import { healthRoutes } from './resources/health.js';
import { meRoutes } from './resources/me.js';
import { metricsRoutes } from './resources/metrics.js';
import { organizationRoutes } from './resources/organizations.js';
import { matchRoutes } from './resources/subscription-match.js';
import { subscriptionRoutes } from './resources/subscriptions.js';
import { webhookStatisticsRoutes } from './resources/webhook-statistics.js';
import { webhookTrialRoutes } from './resources/webhook-trials.js';
import { webhookRoutes } from './resources/webhooks.js';
import { receivedRoutes } from './resources/received.js';
import { replayRoutes } from './resources/replays.js';
import { sourceRoutes } from './resources/sources.js';
import type { AnyRoute } from './route.js';

/** Every operation of the API, in the order of the documentation. */
export const routes: readonly AnyRoute[] = [
  ...eventRoutes,
  ...deliveryRoutes,
  ...webhookRoutes,
  ...webhookTrialRoutes,
  ...webhookStatisticsRoutes,
  ...subscriptionRoutes,
  ...matchRoutes,
  ...eventTypeRoutes,
  ...catalogueRoutes,
  ...externalSystemRoutes,
  ...verificationRoutes,
  ...replayRoutes,
  ...sourceRoutes,
  ...receivedRoutes,
  ...apiKeyRoutes,
  ...organizationRoutes,
  ...meRoutes,
  ...healthRoutes,
  ...metricsRoutes,
];
