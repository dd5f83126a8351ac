import { z } from 'zod';
import { createdBetween } from '../../delivery/delivery-query.js';
import { roles } from '../../models/api-key.js';
import { auditActions, auditedResources, type AuditEntryRecord } from '../../models/audit-entry.js';
import { fromText, iso, Json, Moment, Timestamp } from '../fields.js';
import { findPage, pageOf, pageQuery, sortQuery } from '../paging.js';
import { route } from '../route.js';
import { scopeOf } from '../scope.js';

export const AuditEntry = z
  .object({
    id: z.string(),
    createdAt: Timestamp,
    key: z.object({ id: z.string(), name: z.string() }).nullable().meta({
      description:
        'whose key made the change, as it was called then; null: the root key, or Postrider itself',
    }),
    role: z.enum([...roles, 'root', 'system']).meta({ description: '`system`: Postrider itself' }),
    action: z.enum(auditActions),
    resource: z.enum(auditedResources),
    resourceId: z.string().meta({ description: 'of an event type or a catalogue its name' }),
    resourceName: z.string().nullable().meta({ description: 'as it was called then' }),
    changes: z
      .array(
        z.object({
          field: z.string().meta({ description: 'dotted where a part of it changed', example: 'auth.token' }),
          from: Json.meta({ description: 'null: there was nothing' }),
          to: Json.meta({ description: 'null: there is nothing' }),
        }),
      )
      .meta({ description: 'secrets masked; of a value that is longer than 8,192 characters the beginning' }),
  })
  .meta({ id: 'AuditEntry' });

export const auditRoutes = [
  route({
    key: 'GET /v1/audit',
    operationId: 'listAuditEntries',
    summary: 'List who changed what',
    tag: 'Audit log',
    query: z.strictObject({
      ...pageQuery,
      sort: sortQuery(['createdAt']),
      resource: z.enum(auditedResources).optional(),
      resourceId: z.string().max(200).optional(),
      action: z.enum(auditActions).optional(),
      from: Moment.optional().meta({ description: 'changed at this time or later' }),
      to: Moment.optional().meta({ description: 'changed before this time' }),
    }),
    answers: { 200: pageOf(AuditEntry) },
    async handle({ ctx, caller, query }) {
      const { resource, resourceId, action, from, to, ...page } = query;
      const filter = {
        ...scopeOf(caller),
        ...(resource === undefined ? {} : { resource }),
        ...(resourceId === undefined ? {} : { resourceId }),
        ...(action === undefined ? {} : { action }),
        ...createdBetween(from, to),
      };
      const { records, nextCursor } = await findPage(ctx.models.auditEntries, filter, page);
      return { status: 200, body: { data: records.map(showAuditEntry), nextCursor } };
    },
  }),
];

/** An entry of the audit log as answers show it. */
export function showAuditEntry(record: AuditEntryRecord): z.infer<typeof AuditEntry> {
  const { _id: id, createdAt, key, role, action, resource, resourceId, resourceName, changes } = record;
  return {
    id,
    createdAt: iso(createdAt),
    key,
    role,
    action,
    resource,
    resourceId,
    resourceName,
    changes: changes.map(({ field, fromJson, toJson }) => ({
      field,
      from: fromText(fromJson),
      to: fromText(toJson),
    })),
  };
}
