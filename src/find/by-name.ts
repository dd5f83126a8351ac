import type { Model } from 'mongoose';
import type { Models } from '../models/models.js';
import type { Finder, Found } from './found.js';

/** Of each kind: those whose name begins with the text, then those that have it elsewhere. */
const mostEach = 8;

interface Named {
  _id: string;
  name: string | null;
  url?: string;
  baseUrl?: string;
  label?: string | null;
  eventTypes?: string[];
}

interface Searched {
  kind: Found['kind'];
  match: Found['match'];
  model: keyof Models;
  /** The indexed field that is searched. */
  field: string;
  filter?: Record<string, unknown>;
  detail: (record: Named) => string | null;
}

const there = { deletedAt: null };

const searched: readonly Searched[] = [
  {
    kind: 'webhook',
    match: 'name',
    model: 'webhooks',
    field: 'nameLower',
    filter: there,
    detail: ({ url }) => url ?? null,
  },
  {
    kind: 'webhook',
    match: 'url',
    model: 'webhooks',
    field: 'urlLower',
    filter: there,
    detail: ({ url }) => url ?? null,
  },
  {
    kind: 'event_type',
    match: 'name',
    model: 'eventTypes',
    field: 'name',
    detail: ({ label }) => label ?? null,
  },
  {
    kind: 'external_system',
    match: 'name',
    model: 'externalSystems',
    field: 'nameLower',
    detail: ({ baseUrl }) => baseUrl ?? null,
  },
  {
    kind: 'subscription',
    match: 'name',
    model: 'subscriptions',
    field: 'nameLower',
    detail: ({ eventTypes }) => eventTypes?.join(', ') ?? null,
  },
  { kind: 'source', match: 'name', model: 'sources', field: 'nameLower', detail: () => null },
];

/** Finds by a part of a name or URL, of those of one environment: reads an index, and no more records than it gives. */
export const nameFinders: readonly Finder[] = searched.map(
  ({ kind, match, model, field, filter, detail }) => ({
    permission: 'read',
    async find({ models }, tenant, text) {
      // Names of event types keep their case; the others are stored in lower case beside.
      const options = field === 'name' ? { $options: 'i' } : {};
      const pattern = escapeRegExp(field === 'name' ? text : text.toLowerCase());
      const search = async (regex: string, limit: number): Promise<Named[]> =>
        (models[model] as unknown as Model<Named>)
          .find({ ...tenant, ...filter, [field]: { $regex: regex, ...options } })
          .select('name url baseUrl label eventTypes')
          .sort({ [field]: 1 })
          .limit(limit)
          .lean<Named[]>();
      const first = await search(`^${pattern}`, mostEach);
      const found = new Map(first.map((record) => [record._id, record]));
      if (found.size < mostEach) {
        for (const record of await search(pattern, mostEach)) found.set(record._id, record);
      }
      return [...found.values()].slice(0, mostEach).map((record) => ({
        kind,
        id: kind === 'event_type' ? (record.name ?? record._id) : record._id,
        title: record.name ?? record._id,
        detail: detail(record),
        match,
      }));
    },
  }),
);

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
