import { z } from 'zod';
import type { OrganizationRecord } from '../../models/organization.js';
import { newId } from '../../models/ids.js';
import { iso, Name, Timestamp } from '../fields.js';
import { findPage, pageOf, pageQuery } from '../paging.js';
import { createRecord } from '../revision.js';
import { route } from '../route.js';

const NewOrganization = z.strictObject({ name: Name }).meta({ id: 'NewOrganization' });

const Organization = z
  .object({ id: z.string(), name: z.string(), createdAt: Timestamp })
  .meta({ id: 'Organization' });

const tag = 'Organizations';

export const organizationRoutes = [
  route({
    key: 'GET /v1/organizations',
    operationId: 'listOrganizations',
    summary: 'List organizations',
    tag,
    query: z.strictObject(pageQuery),
    answers: { 200: pageOf(Organization) },
    async handle({ ctx, query }) {
      const { records, nextCursor } = await findPage(ctx.models.organizations, {}, query);
      return { status: 200, body: { data: records.map(show), nextCursor } };
    },
  }),
  route({
    key: 'POST /v1/organizations',
    operationId: 'createOrganization',
    summary: 'Make an organization',
    tag,
    audit: { resource: 'organization', action: 'created' },
    body: NewOrganization,
    answers: { 201: Organization },
    async handle({ ctx, body, trail }) {
      const record = { _id: newId('organization'), name: body.name, createdAt: new Date() };
      await createRecord(ctx.models.organizations, { trail }, record);
      return { status: 201, body: show(record) };
    },
  }),
];

function show({ _id, name, createdAt }: OrganizationRecord): z.infer<typeof Organization> {
  return { id: _id, name, createdAt: iso(createdAt) };
}
