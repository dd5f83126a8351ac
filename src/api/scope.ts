import type { Tenant } from '../models/tenant.js';
import { requireTenant, type Caller } from './caller.js';

/** A tenant, or what belongs to none. */
export type Scope = Tenant | { organizationId: null; environment: null };

/** Whose keys and audit log a caller deals with: its own tenant's; the root key's without one are those of no tenant. */
export function scopeOf(caller: Caller): Scope {
  if (caller.key === null && caller.tenant === null) return { organizationId: null, environment: null };
  return requireTenant(caller);
}
