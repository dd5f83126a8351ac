import { LRUCache } from 'lru-cache';
import { Problem } from '../errors/problem.js';
import { gatherAll } from '../group-commit/gather-all.js';
import type { Gathering } from '../group-commit/gathering.js';
import type { Models } from '../models/models.js';
import { leaseFrom, mongodbNow } from '../models/leasing.js';
import type { Tenant } from '../models/tenant.js';
import { environmentOwner } from '../models/webhook-stats.js';

/** Who published less before may publish this much at once: what ten seconds allow, and in any case the largest call. */
const burstMs = 10_000;
const largestCall = 1_000;
/** A process leases what the limit allows in so long, so that it asks MongoDB no more often than that. */
const aheadMs = 250;
/** What a process has not used for so long is no longer its own. */
const keptMs = 5_000;
/** After a lease that was too small, none is asked for so long: a caller that does not heed the answer costs nothing. */
const refusedMs = 100;
const remembered = 10_000;
const dayMs = 86_400_000;

/** Of one tenant in this process. */
interface Budget {
  left: number;
  leasedAt: number;
  /** Until when nothing more is leased, by `performance.now`. */
  refusedUntil: number;
  leases: Gathering<number, void>;
}

/**
 * How many events an organization may publish in an environment, a second: in the whole deployment, whose processes lease shares of it from
 * MongoDB, so that a publish asks for nothing.
 */
export class IngestLimit {
  readonly #models: Models;
  readonly #perSecond: number | null;
  readonly #budgets = new LRUCache<string, Budget>({ max: remembered });

  /** `perSecond` null: no limit. */
  constructor(models: Models, perSecond: number | null) {
    this.#models = models;
    this.#perSecond = perSecond;
  }

  /** Counts events that are about to be accepted. Throws a 429 Problem where they are too many. */
  async take(tenant: Tenant, events: number): Promise<void> {
    if (this.#perSecond === null) return;
    const budget = this.#budgetOf(environmentOwner(tenant), this.#perSecond);
    const now = performance.now();
    if (now - budget.leasedAt > keptMs) budget.left = 0;
    if (budget.left < events && now >= budget.refusedUntil) await budget.leases.add(events);
    if (budget.left < events) throw tooMany(this.#perSecond, events - budget.left);
    budget.left -= events;
  }

  #budgetOf(owner: string, perSecond: number): Budget {
    const known = this.#budgets.get(owner);
    if (known) return known;
    const budget: Budget = {
      left: 0,
      leasedAt: 0,
      refusedUntil: 0,
      leases: gatherAll(
        async (asks) => {
          const needed = asks.reduce((sum, events) => sum + events, 0) - budget.left;
          const ahead = Math.ceil((perSecond * aheadMs) / 1_000);
          const granted = await lease(this.#models, owner, perSecond, Math.max(needed, ahead));
          budget.left += granted;
          budget.leasedAt = performance.now();
          if (granted < needed) budget.refusedUntil = budget.leasedAt + refusedMs;
        },
        { most: Number.MAX_SAFE_INTEGER },
      ),
    };
    this.#budgets.set(owner, budget);
    return budget;
  }
}

/** Takes as much of a tenant's budget as there is, `wanted` at most. */
async function lease(models: Models, id: string, perSecond: number, wanted: number): Promise<number> {
  const stepMs = 1_000 / perSecond;
  const savedMs = Math.max(burstMs, largestCall * stepMs);
  const { granted } = await leaseFrom(models.ingestBudgets, id, [
    { $set: { spentUntil: { $max: ['$spentUntil', { $subtract: [mongodbNow, savedMs] }] } } },
    {
      $set: {
        room: { $max: [0, { $floor: { $divide: [{ $subtract: [mongodbNow, '$spentUntil'] }, stepMs] } }] },
      },
    },
    { $set: { granted: { $min: ['$room', wanted] } } },
    {
      $set: {
        spentUntil: { $add: ['$spentUntil', { $multiply: ['$granted', stepMs] }] },
        expiresAt: { $add: ['$$NOW', savedMs + dayMs] },
      },
    },
  ]);
  return granted;
}

function tooMany(perSecond: number, missing: number): Problem {
  const seconds = Math.max(1, Math.ceil(missing / perSecond));
  return new Problem(
    'rate_limited',
    `This organization may publish ${perSecond} events a second in this environment; nothing of this call was accepted.`,
    { headers: { 'retry-after': String(seconds) } },
  );
}
