import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { check, type Findings } from './check.js';
import { Client, type LedgerAnswer } from './client.js';
import { Deployment, type DeploymentOptions } from './deployment.js';
import { Disasters, type Happened, type Pace } from './disasters.js';
import { publishLoad } from './publish.js';
import { Random } from './random.js';
import { Subscribers } from './subscribers.js';

/** One run of the suite. */
export interface RunOptions extends Omit<DeploymentOptions, 'dispatch'> {
  seed: number;
  events: number;
  /** Over how long they are published, in ms. */
  lastsMs: number;
  pace: Pace;
  /** How long the deliveries may take to end once all is mended, in ms. */
  settleMs: number;
  dispatch?: DeploymentOptions['dispatch'];
}

/** What a run came to. */
export interface Outcome extends Findings {
  seed: number;
  dispatch: string;
  happened: Happened[];
  /** Calls that a caller had to repeat. */
  repeatedCalls: number;
  /** Processes that gave up by themselves, and were started again. */
  gaveUp: number;
  /** As `GET /v1/ledger` tells it. */
  ledger: LedgerAnswer;
  /** After so long all was published, all was mended, and all deliveries were over. */
  tookMs: { publishing: number; mending: number; all: number };
}

const type = 'chaos.happened';
const pollMs = 500;

/**
 * Publishes under load while disasters happen, waits until all deliveries are over, and compares what was accepted with
 * what was received. The same seed has the same disasters in the same order; when exactly they hit what, the machine decides.
 */
export async function runChaos(options: RunOptions): Promise<Outcome> {
  const { seed, events, lastsMs, pace, settleMs, dataDir } = options;
  const dispatch = options.dispatch ?? (seed % 2 === 0 ? 'auto' : 'workflow');
  await mkdir(join(dataDir, 'logs'), { recursive: true });
  const random = new Random(seed);
  const subscribers = await Subscribers.start(new Random(seed + 1));
  const deployment = await Deployment.start({ ...options, dispatch });
  const api = new Client(deployment.urls);
  try {
    await subscribers.subscribe(api, type);
    const began = Date.now();
    const disasters = new Disasters(deployment, subscribers, random, pace);
    const disaster = disasters.run();
    const published = publishLoad(api, new Random(seed + 2), { type, events, lastsMs });
    const accepted = await published.finally(() => disasters.end());
    const publishing = Date.now() - began;
    await subscribers.resume(api);
    await disaster;
    const mending = Date.now() - began;
    const ledger = await untilOver(api, settleMs);
    const findings = await check(api, accepted, subscribers, disasters.happened);
    if (!ledger.balanced || !ledger.complete || ledger.overdue.count > 0) {
      findings.losses.push(`the ledger does not balance: ${JSON.stringify(ledger)}`);
    }
    if (ledger.events.accepted !== accepted.length) {
      findings.losses.push(`the ledger has ${ledger.events.accepted} events of ${accepted.length}`);
    }
    return {
      ...findings,
      seed,
      dispatch,
      happened: disasters.happened,
      repeatedCalls: api.repeated,
      gaveUp: [...deployment.apis, ...deployment.workers].reduce((sum, each) => sum + each.endedByItself, 0),
      ledger,
      tookMs: { publishing, mending, all: Date.now() - began },
    };
  } finally {
    await api.close();
    await deployment.stop();
    await subscribers.stop();
  }
}

/** Waits until no delivery is open, and gives the ledger then; or as it is when the time is over. */
async function untilOver(api: Client, settleMs: number): Promise<LedgerAnswer> {
  const deadline = Date.now() + settleMs;
  for (;;) {
    const ledger = await api.call<LedgerAnswer>('GET', '/v1/ledger');
    const { byStatus } = ledger.deliveries;
    const open = ['pending', 'delivering', 'waiting'].reduce(
      (sum, status) => sum + (byStatus[status] ?? 0),
      0,
    );
    if (open === 0 || Date.now() > deadline) return ledger;
    await delay(pollMs);
  }
}
