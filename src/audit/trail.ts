import type { ClientSession } from 'mongoose';
import type { Context } from '../context.js';
import type { AuditAction, AuditedResource, AuditEntryRecord } from '../models/audit-entry.js';
import { isConfiguration } from '../configuration/versions.js';
import { newId } from '../models/ids.js';
import type { Role } from '../models/api-key.js';
import type { Environment, Tenant } from '../models/tenant.js';
import { audited, type AuditedRecords } from './audited.js';
import { changesBetween, type Facts } from './facts.js';

/** What a route does to what: each of its changes is told so in the audit log. */
export interface AuditedRoute {
  resource: AuditedResource;
  action: AuditAction;
}

/** A record before and after a change; null where it was not there, or is not any more. */
export type Change = {
  [Resource in AuditedResource]: {
    /** Where it is another one than the route's. */
    resource?: Resource;
    before: AuditedRecords[Resource] | null;
    after: AuditedRecords[Resource] | null;
  };
}[AuditedResource];

/** The fields that say whose a record is; an organization has none of them, and belongs to itself. */
interface Owned {
  _id: string;
  organizationId?: string | null;
  environment?: Environment | null;
}

const dayMs = 86_400_000;

/** Who makes a change, and in whose configuration. */
export interface Actor {
  /** null: the root key, or Postrider itself. */
  key: { id: string; name: string; role: Role } | null;
  /** Postrider itself, with nobody's call behind it. */
  isSystem?: true;
  tenant: Tenant | null;
}

/** The trail that one call leaves in the audit log. */
export class Trail {
  readonly #ctx: Context;
  readonly #actor: Actor;
  readonly #route: AuditedRoute;

  constructor(ctx: Context, actor: Actor, route: AuditedRoute) {
    this.#ctx = ctx;
    this.#actor = actor;
    this.#route = route;
  }

  /**
   * Runs `write` in a transaction, and keeps in the same one what `tell` says that it changed: a change is there
   * with its entry, or not at all. It is also there with the tenant's next version of the configuration, where it
   * is a change of that. Where nothing changed there is no entry. `write` may run several times.
   */
  async change<T>(
    write: (session: ClientSession) => Promise<T>,
    tell: (done: T) => readonly Change[],
  ): Promise<T> {
    const { connection, models, configurationVersions, handover } = this.#ctx;
    const tenant = isConfiguration(this.#route.resource) ? this.#actor.tenant : null;
    if (tenant) await configurationVersions.ensure(tenant);
    const changed = await connection.withSession(async (session) =>
      session.withTransaction(async () => {
        // First: of two changes at the same time one waits here, and has done nothing in vain.
        if (tenant) await configurationVersions.advance(tenant, session);
        const done = await write(session);
        const now = await this.#ctx.clock.now();
        const entries = tell(done).flatMap((change) => this.#entryOf(change, now) ?? []);
        if (entries.length > 0) await models.auditEntries.insertMany(entries, { session });
        return done;
      }),
    );
    if (tenant) handover.clear();
    return changed;
  }

  #entryOf(change: Change, createdAt: Date): AuditEntryRecord | undefined {
    const { action } = this.#route;
    const resource = change.resource ?? this.#route.resource;
    const before = change.before;
    // What is deleted can stay for the history that names it; for people it is gone.
    const after = action === 'deleted' ? null : change.after;
    const { factsOf, nameOf, idOf, concernsOf } = viewOf(resource);
    const changes = changesBetween(before ? factsOf(before) : {}, after ? factsOf(after) : {});
    const record = after ?? before;
    if (!record || changes.length === 0) return undefined;
    const { organizationId = null, environment = null } = record as Owned;
    const { key, isSystem } = this.#actor;
    return {
      _id: newId('auditEntry'),
      organizationId,
      environment,
      key: key && { id: key.id, name: key.name },
      role: isSystem ? 'system' : (key?.role ?? 'root'),
      action,
      resource,
      resourceId: idOf(record),
      resourceName: nameOf(record),
      changes,
      concerns: [
        ...new Set([record._id, ...(before ? concernsOf(before) : []), ...(after ? concernsOf(after) : [])]),
      ],
      createdAt,
      expiresAt: new Date(createdAt.getTime() + this.#ctx.config.auditDays * dayMs),
    };
  }
}

interface View {
  factsOf: (record: Owned) => Facts;
  nameOf: (record: Owned) => string | null;
  idOf: (record: Owned) => string;
  concernsOf: (record: Owned) => string[];
}

/** The table's row for records of any resource: a change's records are those of its resource. */
function viewOf(resource: AuditedResource): View {
  const row: unknown = audited[resource];
  const { id, name, facts, concerns } = row as {
    id?: View['idOf'];
    name: View['nameOf'];
    facts: View['factsOf'];
    concerns?: View['concernsOf'];
  };
  return {
    factsOf: facts,
    nameOf: name,
    idOf: id ?? ((record) => record._id),
    concernsOf: concerns ?? (() => []),
  };
}
