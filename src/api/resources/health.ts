import { z } from 'zod';
import type { Context } from '../../context.js';
import { version } from '../../version.js';
import { route } from '../route.js';

const checkTimeoutMs = 2_000;

const Health = z.object({ status: z.enum(['ok', 'stopping']), version: z.string() }).meta({ id: 'Health' });
const Part = z.enum(['ok', 'unreachable']);
const Readiness = z
  .object({ status: z.enum(['ok', 'degraded', 'stopping']), mongodb: Part, temporal: Part })
  .meta({ id: 'Readiness' });

const tag = 'Health';

export const healthRoutes = [
  route({
    key: 'GET /healthz',
    operationId: 'getHealth',
    summary: 'Whether this process runs, and goes on',
    description: '503 once it has been told to stop; it still takes calls for a while then.',
    tag,
    answers: { 200: Health, 503: Health },
    handle: async ({ ctx: { lifecycle } }) =>
      lifecycle.isStopping
        ? { status: 503, body: { status: 'stopping', version } }
        : { status: 200, body: { status: 'ok', version } },
  }),
  route({
    key: 'GET /readyz',
    operationId: 'getReadiness',
    summary: 'Whether MongoDB and Temporal can be reached, and this process goes on',
    description:
      '503 when one of them cannot be reached, or this process has been told to stop. Without Temporal alone events are still accepted, and delivered once it is back: a load balancer that is to let them through asks `/healthz`.',
    tag,
    answers: { 200: Readiness, 503: Readiness },
    async handle({ ctx }) {
      const [mongodb, temporal] = await Promise.all([
        mongodbAnswers(ctx),
        ctx.temporal.healthy(checkTimeoutMs),
      ]);
      const { isStopping } = ctx.lifecycle;
      const isReady = mongodb && temporal && !isStopping;
      const body = {
        status: isStopping ? 'stopping' : isReady ? 'ok' : 'degraded',
        mongodb: part(mongodb),
        temporal: part(temporal),
      };
      return { status: isReady ? 200 : 503, body };
    },
  }),
];

function part(reached: boolean): z.infer<typeof Part> {
  return reached ? 'ok' : 'unreachable';
}

async function mongodbAnswers(ctx: Context): Promise<boolean> {
  try {
    await ctx.connection.db?.command({ ping: 1, maxTimeMS: checkTimeoutMs });
    return ctx.connection.db !== undefined;
  } catch {
    return false;
  }
}
