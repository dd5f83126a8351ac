import { afterEach, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disasterKinds } from '../../chaos/disasters.js';
import { Random } from '../../chaos/random.js';
import { runChaos } from '../../chaos/run.js';
import { cacheDir } from '../stack/stacks.js';
import { dispatchOfRun } from '../support/postrider.js';

const events = 200;
let dataDir: string | undefined;

afterEach(async () => {
  if (dataDir) await rm(dataDir, { recursive: true, force: true });
});

it('loses nothing, whatever is killed, cut off or answers with errors while events are published', async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'postrider-chaos-'));
  const { POSTRIDER_DISPATCH } = dispatchOfRun();
  const outcome = await runChaos({
    seed: 1,
    events,
    lastsMs: 5_000,
    pace: { lasts: [100, 1_000], apart: [100, 600], rounds: 1 },
    settleMs: 240_000,
    dataDir,
    cacheDir,
    main: new URL('../../dist/main.js', import.meta.url),
    apis: 1,
    workers: 1,
    dispatch: POSTRIDER_DISPATCH === 'workflow' ? 'workflow' : 'auto',
    paths: {
      TEMPORAL_CLI_PATH: process.env['TEMPORAL_CLI_PATH'],
      MONGOD_PATH: process.env['MONGOD_PATH'],
    },
  });
  expect(outcome.losses).toEqual([]);
  expect(outcome).toMatchObject({ events, deliveries: events * (1 + 4 / 8) });
  expect(outcome.attempts).toBeGreaterThan(outcome.deliveries);
  expect(new Set(outcome.happened.map(({ kind }) => kind))).toEqual(new Set(disasterKinds));
}, 400_000);

const order = (seed: number) => new Random(seed).shuffled(disasterKinds);

it('has the same disasters for the same seed', () => {
  expect(order(7)).toEqual(order(7));
  expect(order(7)).not.toEqual(order(8));
  const random = new Random(7);
  const numbers = Array.from({ length: 1_000 }, () => random.next());
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(new Set(numbers).size).toBe(1_000);
});
