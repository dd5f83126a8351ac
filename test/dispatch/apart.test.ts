import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newGroupId } from '../../src/models/ids.js';
import { startTestApi } from '../api/api-process.js';
import type { TestPostrider } from '../support/postrider.js';

let api: TestPostrider;

beforeAll(async () => {
  api = await startTestApi();
});

afterAll(async () => {
  await api.stop();
});

it('a process without a worker takes a group for under way while nobody has carried it out, for a second at most', async () => {
  const { dispatcher, temporal } = api.ctx;
  await temporal.connected();
  const workflowId = newGroupId();
  const began = performance.now();
  await dispatcher.startGroup({ workflowId, owner: 'org_1', starts: [] });
  // Timers may be some milliseconds early.
  expect(performance.now() - began).toBeGreaterThan(950);
  expect(await dispatcher.stateOf(workflowId)).toBe('running');
});
