import type { Model } from 'mongoose';
import type { Permission } from '../api/permissions.js';
import type { Models } from '../models/models.js';
import { idPrefixes } from '../models/ids.js';
import type { Finder, Found, FoundKind } from './found.js';

/** An id wherever it stands: alone, in a workflow id, in a URL of the Temporal UI or of the console. */
const id = new RegExp(`(?<![0-9A-Za-z])(?:${Object.values(idPrefixes).join('|')})_\\w+`);

/** How a record is told that was found by its id. */
interface Told<T> {
  kind: FoundKind;
  permission: Permission;
  model: keyof Models;
  /** Without what can be large. */
  select: readonly (keyof T & string)[];
  title(record: T): string;
  detail(record: T): string | null;
}

interface Fields {
  name: string;
  url: string;
  type: string;
  eventType: string;
  status: string;
  eventTypes: string[];
  baseUrl: string;
  role: string;
  method: string;
  createdAt: Date;
  receivedAt: Date;
}

const told: Readonly<Record<string, Told<Fields>>> = {
  [idPrefixes.event]: {
    kind: 'event',
    permission: 'history',
    model: 'events',
    select: ['type', 'createdAt'],
    title: ({ type }) => type,
    detail: ({ createdAt }) => createdAt.toISOString(),
  },
  [idPrefixes.delivery]: {
    kind: 'delivery',
    permission: 'history',
    model: 'deliveries',
    select: ['eventType', 'status'],
    title: ({ eventType }) => eventType,
    detail: ({ status }) => status,
  },
  [idPrefixes.webhook]: {
    kind: 'webhook',
    permission: 'read',
    model: 'webhooks',
    select: ['name', 'url'],
    title: ({ name }) => name,
    detail: ({ url }) => url,
  },
  [idPrefixes.subscription]: {
    kind: 'subscription',
    permission: 'read',
    model: 'subscriptions',
    select: ['name', 'eventTypes'],
    title: ({ name, eventTypes }) => name ?? eventTypes.join(', '),
    detail: ({ eventTypes }) => eventTypes.join(', '),
  },
  [idPrefixes.externalSystem]: {
    kind: 'external_system',
    permission: 'read',
    model: 'externalSystems',
    select: ['name', 'baseUrl'],
    title: ({ name }) => name,
    detail: ({ baseUrl }) => baseUrl,
  },
  [idPrefixes.source]: {
    kind: 'source',
    permission: 'read',
    model: 'sources',
    select: ['name'],
    title: ({ name }) => name ?? 'Source',
    detail: () => null,
  },
  [idPrefixes.received]: {
    kind: 'received',
    permission: 'read',
    model: 'received',
    select: ['method', 'receivedAt'],
    title: ({ method }) => method,
    detail: ({ receivedAt }) => receivedAt.toISOString(),
  },
  [idPrefixes.replay]: {
    kind: 'replay',
    permission: 'read',
    model: 'replays',
    select: ['status', 'createdAt'],
    title: ({ createdAt }) => createdAt.toISOString(),
    detail: ({ status }) => status,
  },
  [idPrefixes.apiKey]: {
    kind: 'api_key',
    permission: 'keys',
    model: 'apiKeys',
    select: ['name', 'role'],
    title: ({ name }) => name,
    detail: ({ role }) => role,
  },
};

/** Finds what has the id that stands in the text, of whatever kind. */
export function finderById(text: string): Finder[] {
  const decoded = text.replaceAll(/%2f/gi, '/');
  const [found] = id.exec(decoded) ?? [];
  const one = found === undefined ? undefined : told[found.slice(0, found.indexOf('_'))];
  if (found === undefined || !one) return [];
  const match: Found['match'] = decoded.includes(`/${found}`) ? 'workflow_id' : 'id';
  return [
    {
      permission: one.permission,
      async find({ models }, tenant) {
        const model = models[one.model] as unknown as Model<
          Fields & { _id: string; deletedAt?: Date | null }
        >;
        const select = [...one.select, 'deletedAt'].join(' ');
        const record = await model
          .findOne({ _id: found, ...tenant })
          .select(select)
          .lean();
        if (!record || (record.deletedAt ?? null) !== null) return [];
        return [{ kind: one.kind, id: found, title: one.title(record), detail: one.detail(record), match }];
      },
    },
  ];
}
