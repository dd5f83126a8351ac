import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findTestServer } from '../support/test-server.js';

let environment: TestWorkflowEnvironment;

beforeAll(async () => {
  const executable = { type: 'existing-path' as const, path: await findTestServer() };
  environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
}, 900_000);

afterAll(() => environment.teardown());

it('skips ten hours', async () => {
  const before = await environment.currentTimeMs();
  await environment.sleep('10h');
  expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(36_000_000);
});
