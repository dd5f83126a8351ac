import type { ClientSession } from 'mongoose';
import { z } from 'zod';
import type { Catalogue as CataloguePack } from '../../catalogue/catalogue.js';
import { shippedCatalogues } from '../../catalogue/shipped.js';
import type { Context } from '../../context.js';
import { invalid, Problem } from '../../errors/problem.js';
import { tenantOf, type Tenant } from '../../models/tenant.js';
import { pageOf, pageQuery } from '../paging.js';
import { route } from '../route.js';
import { newEventType, type NewEventType } from './event-types.js';

const Catalogue = z
  .object({
    name: z.string(),
    label: z.string(),
    description: z.string(),
    eventTypes: z.array(z.object({ name: z.string(), label: z.string(), category: z.string() })),
  })
  .meta({ id: 'Catalogue' });

const ImportedCatalogue = z
  .object({
    imported: z.array(z.string()).meta({ description: 'event types that were made' }),
    unchanged: z
      .array(z.string())
      .meta({ description: 'event types that were there already, and stay as they are' }),
  })
  .meta({ id: 'ImportedCatalogue' });

const tag = 'Catalogues';

export const catalogueRoutes = [
  route({
    key: 'GET /v1/catalogues',
    operationId: 'listCatalogues',
    summary: 'List the packs of event types that can be imported, by name',
    tag,
    query: z.strictObject(pageQuery),
    answers: { 200: pageOf(Catalogue) },
    async handle({ query }) {
      const catalogues = [...(await shippedCatalogues()).values()];
      const start = query.cursor === undefined ? 0 : indexAfter(catalogues, query.cursor);
      const data = catalogues.slice(start, start + query.limit);
      const more = start + data.length < catalogues.length;
      return {
        status: 200,
        body: { data: data.map(showCatalogue), nextCursor: more ? (data.at(-1)?.name ?? null) : null },
      };
    },
  }),
  route({
    key: 'POST /v1/catalogues/:name/import',
    operationId: 'importCatalogue',
    summary: 'Make the event types of a catalogue that are not there yet',
    description:
      'An event type that is there stays as it is, edited or not; repeated, the call changes nothing.',
    tag,
    audit: { resource: 'catalogue', action: 'imported' },
    params: z.object({ name: z.string() }),
    answers: { 200: ImportedCatalogue },
    async handle({ ctx, tenant, params, trail }) {
      const catalogue = (await shippedCatalogues()).get(params.name);
      if (!catalogue) throw new Problem('not_found', `There is no catalogue ${params.name}.`);
      const imported = await trail.change(
        async (session) => importEventTypes(ctx, tenant, catalogue, session),
        (done) => [
          { before: null, after: { ...tenantOf(tenant), _id: catalogue.name, imported: done.imported } },
        ],
      );
      return { status: 200, body: imported };
    },
  }),
];

/** Makes the event types that the tenant does not have, in one write. */
async function importEventTypes(
  ctx: Context,
  tenant: Tenant,
  catalogue: CataloguePack,
  session: ClientSession,
): Promise<z.infer<typeof ImportedCatalogue>> {
  const now = new Date();
  const { upsertedIds } = await ctx.models.eventTypes.bulkWrite(
    catalogue.eventTypes.map((type) => {
      const { _id, ...fields } = newEventType(tenant, type as NewEventType, now);
      return { updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true } };
    }),
    { ordered: false, session },
  );
  const made = new Set(Object.keys(upsertedIds).map(Number));
  const names = catalogue.eventTypes.map(({ name }) => name);
  return {
    imported: names.filter((_, index) => made.has(index)),
    unchanged: names.filter((_, index) => !made.has(index)),
  };
}

function showCatalogue({ name, label, description, eventTypes }: CataloguePack): z.infer<typeof Catalogue> {
  return {
    name,
    label,
    description,
    eventTypes: eventTypes.map((type) => ({ name: type.name, label: type.label, category: type.category })),
  };
}

function indexAfter(catalogues: readonly CataloguePack[], cursor: string): number {
  const index = catalogues.findIndex(({ name }) => name === cursor);
  if (index >= 0) return index + 1;
  throw invalid([{ path: 'cursor', message: 'must be the nextCursor of a page before' }]);
}
