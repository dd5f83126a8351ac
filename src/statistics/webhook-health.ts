import type { Context } from '../context.js';
import { tenantOf, type Tenant } from '../models/tenant.js';
import { statsId } from '../models/webhook-stats.js';
import { intervals } from './webhook-statistics.js';

/** The hours that health shows, the one that is not over included. */
export const healthHours = 24;

/** Attempts of a webhook by the hour, oldest first. */
export interface WebhookHealth {
  webhookId: string;
  succeeded: number[];
  failed: number[];
}

/** The last hours of those of `ids` that are webhooks of the tenant, in their order. Reads at most one record an hour and id. */
export async function healthOf(
  { models }: Pick<Context, 'models'>,
  tenant: Tenant,
  ids: readonly string[],
  now: Date,
): Promise<{ from: Date; to: Date; data: WebhookHealth[] }> {
  const end = Math.ceil((now.getTime() + 1) / intervals.hour);
  const hours = Array.from(
    { length: healthHours },
    (_, index) => new Date((end - healthHours + index) * intervals.hour),
  );
  const webhooks = await models.webhooks
    .find({ _id: { $in: [...ids] }, ...tenantOf(tenant), deletedAt: null }, { _id: 1 })
    .lean();
  const own = new Set(webhooks.map(({ _id }) => _id));
  const wanted = ids.filter((id) => own.has(id));
  const records = await models.webhookStats
    .find({ _id: { $in: wanted.flatMap((id) => hours.map((hour) => statsId(id, hour))) } }, { attempts: 1 })
    .lean();
  const attempts = new Map(records.map((record) => [record._id, record.attempts ?? {}]));
  return {
    from: new Date((end - healthHours) * intervals.hour),
    to: new Date(end * intervals.hour),
    data: wanted.map((webhookId) => {
      const counts = hours.map((hour) => attempts.get(statsId(webhookId, hour)) ?? {});
      const succeeded = counts.map((count) => count['succeeded'] ?? 0);
      const all = counts.map((count) => Object.values(count).reduce((sum, each) => sum + each, 0));
      return { webhookId, succeeded, failed: all.map((total, hour) => total - (succeeded[hour] ?? 0)) };
    }),
  };
}
