import express, { Router, type Express } from 'express';
import helmet from 'helmet';
import type { Context } from '../context.js';
import { mount, unknownCall } from './app.js';
import { problemHandler } from './problem-answer.js';
import { healthRoutes } from './resources/health.js';
import { metricsRoutes } from './resources/metrics.js';

/** What a worker that runs apart from the API answers: its health and its metrics, and nothing else. */
export function createWorkerApp(ctx: Context): Express {
  const served = [...healthRoutes, ...metricsRoutes];
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet());
  const router = Router({ caseSensitive: true, strict: false });
  for (const route of served) mount(ctx, router, route);
  app.use(router);
  app.use(unknownCall(served));
  app.use(problemHandler(ctx.logger));
  return app;
}
