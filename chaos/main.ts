import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir } from '../src/stack/stack.js';
import { disasterKinds } from './disasters.js';
import { runChaos, type Outcome } from './run.js';

/*
 * npm run chaos: CHAOS_RUNS (1) runs of CHAOS_EVENTS (2,000) events each, with the seeds from CHAOS_SEED on (a random one where it is
 * not given). Ends with 1 where anything was lost, and leaves the logs of that run.
 */
const runs = Number(process.env['CHAOS_RUNS'] ?? 1);
const events = Number(process.env['CHAOS_EVENTS'] ?? 2_000);
const firstSeed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1_000_000));

// What was started ends with this process, once that exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const outcomes: Outcome[] = [];
for (let run = 0; run < runs; run += 1) {
  const seed = firstSeed + run;
  const dataDir = await mkdtemp(join(tmpdir(), 'postrider-chaos-'));
  console.log(`run ${run + 1} of ${runs}: CHAOS_SEED=${seed}, ${events} events`);
  const outcome = await runChaos({
    seed,
    events,
    lastsMs: 30_000,
    pace: { lasts: [200, 4_000], apart: [200, 3_000], rounds: 3 },
    settleMs: 900_000,
    dataDir,
    cacheDir: process.env['POSTRIDER_CACHE_DIR'] ?? defaultCacheDir(),
    main: new URL('../../../dist/main.js', import.meta.url),
    apis: 2,
    workers: 2,
    paths: {
      TEMPORAL_CLI_PATH: process.env['TEMPORAL_CLI_PATH'],
      MONGOD_PATH: process.env['MONGOD_PATH'],
    },
  });
  outcomes.push(outcome);
  print(outcome);
  if (outcome.losses.length === 0) await rm(dataDir, { recursive: true, force: true });
  else console.log(`  the logs are in ${join(dataDir, 'logs')}`);
}
const lost = outcomes.filter(({ losses }) => losses.length > 0);
console.log(
  `${outcomes.length} runs, ${sum(({ events: count }) => count)} events, ${sum(({ deliveries }) => deliveries)} deliveries, ` +
    `${sum(({ attempts }) => attempts)} attempts, ${sum(({ happened }) => happened.length)} disasters; ` +
    `received twice: ${sum(({ receivedTwice }) => receivedTwice)}, of which ${sum(({ explained }) => explained)} explained; ` +
    `runs with a loss: ${lost.length}${lost.length > 0 ? ` (seeds ${lost.map(({ seed }) => seed).join(', ')})` : ''}`,
);
process.exitCode = lost.length > 0 ? 1 : 0;

function sum(of: (outcome: Outcome) => number): number {
  return outcomes.reduce((all, outcome) => all + of(outcome), 0);
}

function print(outcome: Outcome): void {
  const { dispatch, happened, byStatus, ledger, losses, tookMs } = outcome;
  const disasters = disasterKinds.map(
    (kind) => `${kind} ${happened.filter((each) => each.kind === kind).length}×`,
  );
  console.log(`  dispatch ${dispatch}; ${disasters.join(', ')}`);
  console.log(
    `  ${outcome.events} events, ${outcome.deliveries} deliveries (${words(byStatus)}), ${outcome.attempts} attempts; ` +
      `calls repeated ${outcome.repeatedCalls}, processes that gave up ${outcome.gaveUp}; sweeps: ${words(ledger.repaired)}`,
  );
  console.log(
    `  received twice ${outcome.receivedTwice}, explained ${outcome.explained}; lost ${losses.length}; published after ${seconds(tookMs.publishing)}, mended after ${seconds(tookMs.mending)}, over after ${seconds(tookMs.all)}`,
  );
  for (const loss of losses.slice(0, 20)) console.log(`  LOST: ${loss}`);
}

function words(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(0)} s`;
}
