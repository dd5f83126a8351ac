import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, startStack } from '../src/stack/stack.js';
import { Child } from './child.js';
import { figuresOf, printFigures, summaryOf, type Runs } from './figures.js';
import { measureLanes } from './lanes.js';
import { measureBesideHostile } from './hostile.js';
import { measureRun, type Meters } from './measure.js';
import { perThousand, readOperations } from './mongodb-operations.js';
import { measurePost } from './post.js';
import { startPostrider } from './postrider.js';
import { measureReplay } from './replay.js';
import { measureRateLimit } from './rate-limit.js';
import { startBare, type Way } from './ways.js';
import { carriersOf } from './carriers.js';

/** Of the bare way; the full way makes ten times as many under load. */
const deliveries = Number(process.env['BENCH_DELIVERIES'] ?? 1_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 2);
const waiting = Number(process.env['BENCH_WAITING'] ?? 10_000);
/** Through one lane, and through a thousand. */
const inOrder = Number(process.env['BENCH_IN_ORDER'] ?? 3_000);
/** Published in batches, and replayed. */
const replayed = Number(process.env['BENCH_REPLAYED'] ?? 10_000);
const fullFactor = 10;
const callers = 50;
const crowd = 200;
const quietPerSecond = 20;
const quietEvents = 300;
const posts = 10_000;

/*
 * (a) a bare Temporal workflow with one activity that posts, against (b) the full way: publish through the API, match,
 * deliver, record. Both deliver to the same sink over the same server, in turns, so that the ratios hold on a machine
 * whose speed drifts.
 */
const dataDir = await mkdtemp(join(tmpdir(), 'postrider-bench-'));
const stack = await startStack({
  dataDir,
  cacheDir: process.env['POSTRIDER_CACHE_DIR'] ?? defaultCacheDir(),
  report: console.log,
});
const sink = new Child(new URL('sink.js', import.meta.url));
const stopStack = async () => {
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
};
// Other processes that were started end with this one, once it exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void stopStack().finally(() => process.exit(1)));
}
try {
  const sinkUrl = `http://127.0.0.1:${await sink.message<number>('port')}`;
  const parts = await partPids(dataDir);
  const bare = await startBare(stack, `${sinkUrl}/ok`);
  const postrider = await startPostrider(stack, dataDir, `${sinkUrl}/ok`);
  const meters = (way: Way): Meters => ({
    sink,
    pids: {
      temporal: [parts.temporal],
      mongodb: [parts.mongodb],
      process: way.pids,
    },
  });
  const runs: Record<'bare' | 'postrider', Runs> = {
    bare: { busy: [], crowded: [], quiet: [] },
    postrider: { busy: [], crowded: [], quiet: [] },
  };
  for (const way of [bare, postrider]) await measureRun(meters(way), way, { count: 200, callers });
  for (let round = 1; round <= rounds; round += 1) {
    for (const [side, way, count] of [
      ['bare', bare, deliveries],
      ['postrider', postrider, deliveries * fullFactor],
    ] as const) {
      console.log(
        `round ${round} of ${rounds}, ${side}: ${count} at ${callers} callers, at ${crowd}, then ${quietEvents} at ${quietPerSecond} a second`,
      );
      const measured = async (name: string, load: Parameters<Way['send']>[0]) => {
        const since = new Date();
        const before = await readOperations(stack.mongodbUri);
        const run = await measureRun(meters(way), way, load);
        if (side === 'postrider') {
          const operations = perThousand(before, await readOperations(stack.mongodbUri), load.count);
          console.log(`  ${name}: ${await carriersOf(stack.mongodbUri, since)}`);
          console.log(`    MongoDB, for 1,000 deliveries: ${operations}`);
        }
        return run;
      };
      runs[side].busy.push(await measured(`${callers} callers`, { count, callers }));
      runs[side].crowded.push(await measured(`${crowd} callers`, { count, callers: crowd }));
      runs[side].quiet.push(
        await measured('quiet', {
          count: quietEvents,
          callers: 1,
          perSecond: quietPerSecond,
        }),
      );
    }
  }
  const postMs = await measurePost(sink, `${sinkUrl}/ok`, posts, callers);
  printFigures(figuresOf(runs.bare, bare.pids), figuresOf(runs.postrider, postrider.pids), postMs);
  await bare.stop();
  console.log(
    `\n${waiting} deliveries that wait: our process has ${await postrider.holdWaiting(waiting, `${sinkUrl}/fail`)}`,
  );
  await measureLanes(postrider, meters(postrider), `${sinkUrl}/ms`, inOrder);
  await measureReplay(postrider, sink, sinkUrl, replayed);
  await measureBesideHostile(postrider, sink, sinkUrl);
  await postrider.stop();
  const apart = await startPostrider(stack, dataDir, `${sinkUrl}/ok`, ['api', 'api', 'worker', 'worker']);
  await measureRun(meters(apart), apart, { count: 200, callers });
  console.log('\ntwo processes of the API and two workers:');
  for (const crowdOf of [callers, crowd]) {
    const run = await measureRun(meters(apart), apart, {
      count: deliveries * fullFactor,
      callers: crowdOf,
    });
    console.log(`  ${crowdOf} callers: ${summaryOf(run)}`);
  }
  const calm = { count: quietEvents, callers: 1, perSecond: quietPerSecond };
  console.log(`  quiet: ${summaryOf(await measureRun(meters(apart), apart, calm))}`);
  await measureBesideHostile(apart, sink, sinkUrl);
  await measureRateLimit(apart, sink, sinkUrl);
  await apart.stop();
} finally {
  await sink.stop();
  await stopStack();
}

async function partPids(directory: string): Promise<{ temporal: number; mongodb: number }> {
  const state = JSON.parse(await readFile(join(directory, 'stack.json'), 'utf8')) as Record<
    string,
    { process?: { pid: number } }
  >;
  const pid = (name: string) => {
    const found = state[name]?.process?.pid;
    if (found === undefined) throw new Error(`no process of ${name} in stack.json`);
    return found;
  };
  return { temporal: pid('temporal'), mongodb: pid('mongodb') };
}
