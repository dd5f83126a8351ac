import { z } from 'zod';
import { route } from '../route.js';

export const metricsRoutes = [
  route({
    key: 'GET /metrics',
    operationId: 'getMetrics',
    summary: "Prometheus metrics of this process and of the deployment's deliveries",
    tag: 'Health',
    contentType: 'text/plain',
    answers: { 200: z.string() },
    async handle({ ctx, response }) {
      response.type(ctx.metrics.contentType);
      return { status: 200, text: await ctx.metrics.render() };
    },
  }),
];
