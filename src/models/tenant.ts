import { z } from 'zod';

export const environments = ['sandbox', 'production'] as const;

/** Everything belongs to one of the two, and nothing crosses. */
export const Environment = z.enum(environments).meta({ id: 'Environment' });
export type Environment = z.infer<typeof Environment>;

/** Whose a record is: an organization, and one of its environments. */
export interface Tenant {
  readonly organizationId: string;
  readonly environment: Environment;
}

/** The organization that the first start makes. */
export const firstOrganization = { id: 'org_default', name: 'default' } as const;

/** The two paths that every tenant's record and every index of one begins with. */
export const tenantPaths = {
  organizationId: { type: String, required: true },
  environment: { type: String, enum: environments, required: true },
} as const;

/** A tenant's own fields, without the rest of the record that holds them. */
export function tenantOf({ organizationId, environment }: Tenant): Tenant {
  return { organizationId, environment };
}
