import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, startStack } from '../src/stack/stack.js';
import { Child } from './child.js';
import { figuresOf, printFigures, type Side } from './figures.js';
import { measureRun, type Measured, type Meters } from './measure.js';
import { startBare, startPostrider, type Way } from './ways.js';

const deliveries = Number(process.env['BENCH_DELIVERIES'] ?? 2_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 2);
const waiting = Number(process.env['BENCH_WAITING'] ?? 10_000);
const callers = 50;
const quietPerSecond = 10;
const quietEvents = 200;

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
try {
  const sinkUrl = `http://127.0.0.1:${await sink.message<number>('port')}`;
  const parts = await partPids(dataDir);
  const bare = await startBare(stack, `${sinkUrl}/ok`);
  const postrider = await startPostrider(stack, dataDir, `${sinkUrl}/ok`);
  const meters = (way: Way): Meters => ({
    sink,
    pids: { temporal: parts.temporal, mongodb: parts.mongodb, process: way.pid },
  });
  const busy = { bare: [] as Measured[], postrider: [] as Measured[] };
  const quiet = { bare: [] as Measured[], postrider: [] as Measured[] };
  for (const way of [bare, postrider]) await measureRun(meters(way), way, { count: 200, callers });
  for (let round = 1; round <= rounds; round += 1) {
    for (const [side, way] of [
      ['bare', bare],
      ['postrider', postrider],
    ] as const) {
      console.log(
        `round ${round} of ${rounds}, ${side}: ${deliveries} at ${callers} callers, then ${quietEvents} at ${quietPerSecond} a second`,
      );
      busy[side].push(await measureRun(meters(way), way, { count: deliveries, callers }));
      quiet[side].push(
        await measureRun(meters(way), way, { count: quietEvents, callers: 1, perSecond: quietPerSecond }),
      );
    }
  }
  const side = (name: 'bare' | 'postrider', way: Way): Side => figuresOf(busy[name], quiet[name], way.pid);
  printFigures(side('bare', bare), side('postrider', postrider));
  await bare.stop();
  console.log(
    `\n${waiting} deliveries that wait: our process has ${await postrider.holdWaiting(waiting, `${sinkUrl}/fail`)}`,
  );
  await postrider.stop();
} finally {
  await sink.stop();
  await stack.stop();
  await rm(dataDir, { recursive: true, force: true });
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
