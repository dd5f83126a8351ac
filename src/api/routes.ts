import { apiKeyRoutes } from './resources/api-keys.js';
import { auditRoutes } from './resources/audit.js';
import { catalogueRoutes } from './resources/catalogues.js';
import { deliveryRoutes } from './resources/deliveries.js';
import { dryRunRoutes } from './resources/dry-runs.js';
import { eventTypeRoutes } from './resources/event-types.js';
import { eventRoutes } from './resources/events.js';
import { externalSystemRoutes } from './resources/external-systems.js';
import { verificationRoutes } from './resources/external-system-verification.js';
import { findRoutes } from './resources/find.js';
import { healthRoutes } from './resources/health.js';
import { laneRoutes } from './resources/lanes.js';
import { ledgerRoutes } from './resources/ledger.js';
import { meRoutes } from './resources/me.js';
import { metricsRoutes } from './resources/metrics.js';
import { organizationRoutes } from './resources/organizations.js';
import { overviewRoutes } from './resources/overview.js';
import { matchRoutes } from './resources/subscription-match.js';
import { subscriptionRoutes } from './resources/subscriptions.js';
import { comparisonRoutes } from './resources/webhook-comparison.js';
import { webhookStatisticsRoutes } from './resources/webhook-statistics.js';
import { webhookHealthRoutes } from './resources/webhook-health.js';
import { webhookTrialRoutes } from './resources/webhook-trials.js';
import { webhookRoutes } from './resources/webhooks.js';
import { receivedRoutes } from './resources/received.js';
import { replayRoutes } from './resources/replays.js';
import { sessionRoutes } from './resources/sessions.js';
import { sourceRoutes } from './resources/sources.js';
import type { AnyRoute } from './route.js';

/** Every operation of the API, in the order of the documentation. */
export const routes: readonly AnyRoute[] = [
  ...eventRoutes,
  ...deliveryRoutes,
  ...webhookRoutes,
  ...laneRoutes,
  ...webhookTrialRoutes,
  ...webhookStatisticsRoutes,
  ...comparisonRoutes,
  ...webhookHealthRoutes,
  ...overviewRoutes,
  ...ledgerRoutes,
  ...subscriptionRoutes,
  ...matchRoutes,
  ...dryRunRoutes,
  ...eventTypeRoutes,
  ...catalogueRoutes,
  ...externalSystemRoutes,
  ...verificationRoutes,
  ...replayRoutes,
  ...sourceRoutes,
  ...receivedRoutes,
  ...apiKeyRoutes,
  ...organizationRoutes,
  ...auditRoutes,
  ...findRoutes,
  ...meRoutes,
  ...sessionRoutes,
  ...healthRoutes,
  ...metricsRoutes,
];
