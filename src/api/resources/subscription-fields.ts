import { z } from 'zod';
import type { Context } from '../../context.js';
import { invalid } from '../../errors/problem.js';
import { Filter, type FilterRules } from '../../filter/filter.js';
import { isOperational, operationalCatalogue } from '../../operational-events/types.js';
import type { SubscriptionRecord } from '../../models/subscription.js';
import { newId } from '../../models/ids.js';
import { tenantOf, type Tenant } from '../../models/tenant.js';

/** Which event types: one or many, each once. */
export const EventTypes = z
  .array(z.string().max(128))
  .min(1, 'must name at least one event type')
  .max(200)
  .transform((names) => [...new Set(names)]);

export const NullableFilter = Filter.nullable();

/** Refuses event types that the tenant's catalogue does not have, each by its path. */
export async function requireEventTypes(
  ctx: Context,
  tenant: Tenant,
  names: readonly string[],
): Promise<void> {
  const known = await ctx.models.eventTypes.find({ ...tenant, name: { $in: names } }, { name: 1 }).lean();
  const errors = names.flatMap((name, index) =>
    known.some((type) => type.name === name)
      ? []
      : [
          {
            path: `eventTypes.${index}`,
            message: `there is no event type ${name}; ${howToGet(name)} first`,
          },
        ],
  );
  if (errors.length > 0) throw invalid(errors);
}

function howToGet(name: string): string {
  return isOperational(name) ? `import the catalogue ${operationalCatalogue}` : 'make it or import it';
}

/** A subscription as it is first stored. */
export function newSubscription(
  tenant: Tenant,
  fields: {
    name?: string | null | undefined;
    eventTypes: string[];
    webhookId: string;
    filter?: FilterRules | null | undefined;
    active?: boolean | undefined;
  },
  now: Date,
): SubscriptionRecord {
  return {
    _id: newId('subscription'),
    ...tenantOf(tenant),
    name: fields.name ?? null,
    nameLower: fields.name?.toLowerCase() ?? null,
    eventTypes: fields.eventTypes,
    webhookId: fields.webhookId,
    filterJson: filterText(fields.filter),
    active: fields.active ?? true,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** A filter as it is stored; none, and one without rules, is null. */
export function filterText(filter: FilterRules | null | undefined): string | null {
  return filter === null || filter === undefined || Object.keys(filter).length === 0
    ? null
    : JSON.stringify(filter);
}
