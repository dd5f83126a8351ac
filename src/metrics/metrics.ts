import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { overdueOf } from '../ledger/overdue.js';
import { repairs } from '../ledger/repairs.js';
import { holders, openStatuses, type Holder } from '../models/delivery.js';
import { differenceKinds } from '../models/difference.js';
import type { Models } from '../models/models.js';

/** Upper bounds in seconds: from a receiver next door to the longest timeout. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What this process counts, and what it asks MongoDB for when it is scraped. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #attempts: Counter<'outcome'>;
  readonly #putOff: Counter<'held_by'>;
  readonly #durations: Histogram;
  readonly #published: Counter;

  constructor(models: Models) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry, prefix: 'postrider_' });
    this.#attempts = new Counter({
      name: 'postrider_attempts_total',
      help: 'Attempts of this process by their outcome: succeeded, or the error code',
      labelNames: ['outcome'],
      registers,
    });
    this.#putOff = new Counter({
      name: 'postrider_put_off_total',
      help: 'How often deliveries that were due could not leave this process yet, by what held them back',
      labelNames: ['held_by'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'postrider_attempt_duration_seconds',
      help: 'How long the exchanges of attempts took',
      buckets: durationBuckets,
      registers,
    });
    this.#published = new Counter({
      name: 'postrider_events_published_total',
      help: 'Events accepted by this process, repeats not counted',
      registers,
    });
    new Gauge({
      name: 'postrider_open_deliveries',
      help: 'Deliveries that are not over, in the whole deployment, by status',
      labelNames: ['status'],
      registers,
      async collect() {
        for (const status of openStatuses) {
          this.set({ status }, await models.deliveries.countDocuments({ open: true, status }));
        }
      },
    });
    new Gauge({
      name: 'postrider_held_deliveries',
      help: 'Waiting deliveries of the whole deployment that are held back, by what holds them',
      labelNames: ['held_by'],
      registers,
      async collect() {
        for (const heldBy of holders) {
          this.set(
            { held_by: heldBy },
            await models.deliveries.countDocuments({ heldBy, status: 'waiting' }),
          );
        }
      },
    });
    new Gauge({
      name: 'postrider_open_circuits',
      help: 'Webhooks of the whole deployment whose endpoint is down, so that deliveries are held back but for probes',
      registers,
      async collect() {
        this.set(await models.webhooks.countDocuments({ 'circuit.state': 'open', deletedAt: null }));
      },
    });
    new Gauge({
      name: 'postrider_oldest_undispatched_seconds',
      help: 'Age of the oldest delivery of the deployment that was accepted and whose first attempt is not under way; 0 for none',
      registers,
      async collect() {
        // Ids begin with the time.
        const oldest = await models.deliveries
          .findOne({ open: true, status: 'pending' }, { createdAt: 1 })
          .sort({ _id: 1 })
          .lean();
        this.set(oldest ? Math.max(0, Date.now() - oldest.createdAt.getTime()) / 1_000 : 0);
      },
    });
    new Gauge({
      name: 'postrider_ledger_differences',
      help: 'Events and deliveries of the deployment whose books do not balance, by what differs; 0 is as it should be',
      labelNames: ['kind'],
      registers,
      async collect() {
        for (const kind of differenceKinds) {
          this.set({ kind }, await models.differences.countDocuments({ kind }));
        }
      },
    });
    new Gauge({
      name: 'postrider_overdue_deliveries',
      help: 'Deliveries of the deployment that should have been seen to five minutes ago, as far as some thousands are counted',
      registers,
      async collect() {
        this.set((await overdueOf({ models }, null, new Date())).count);
      },
    });
    new Counter({
      name: 'postrider_repaired_deliveries_total',
      help: 'Deliveries that the sweeps of the deployment saw to, by what they did',
      labelNames: ['repair'],
      registers,
      async collect() {
        const { repaired = {} } = (await models.sweepJournal.findById('sweep').lean()) ?? {};
        this.reset();
        for (const repair of repairs) this.inc({ repair }, repaired[repair] ?? 0);
      },
    });
  }

  countAttempt(outcome: string, durationMs: number): void {
    this.#attempts.inc({ outcome });
    this.#durations.observe(durationMs / 1_000);
  }

  countPutOff(heldBy: Holder): void {
    this.#putOff.inc({ held_by: heldBy });
  }

  countPublished(events: number): void {
    this.#published.inc(events);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in Prometheus' text format. */
  async render(): Promise<string> {
    return this.#registry.metrics();
  }
}
