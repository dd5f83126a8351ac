import { z } from 'zod';
import { roles } from '../../models/api-key.js';
import { Environment } from '../../models/tenant.js';
import { rolePermissions } from '../permissions.js';
import { route } from '../route.js';

const Me = z
  .object({
    key: z
      .object({ id: z.string(), name: z.string() })
      .nullable()
      .meta({ description: 'null: the root key' }),
    role: z.enum([...roles, 'root']),
    organization: z.object({ id: z.string(), name: z.string() }).nullable(),
    environment: Environment.nullable(),
    permissions: z.array(z.string()).meta({ description: 'what this key may do' }),
  })
  .meta({ id: 'Me' });

export const meRoutes = [
  route({
    key: 'GET /v1/me',
    operationId: 'getMe',
    summary: 'Whose key this is, and what it may',
    tag: 'API keys',
    answers: { 200: Me },
    async handle({ ctx, caller }) {
      const { key, tenant } = caller;
      const organization = tenant && (await ctx.models.organizations.findById(tenant.organizationId).lean());
      return {
        status: 200,
        body: {
          key: key && { id: key.id, name: key.name },
          role: key?.role ?? 'root',
          organization: organization && { id: organization._id, name: organization.name },
          environment: tenant?.environment ?? null,
          permissions: key
            ? rolePermissions[key.role].filter((permission) => permission !== 'any')
            : ['root', ...rolePermissions.admin],
        },
      };
    },
  }),
];
