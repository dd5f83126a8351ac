import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';

const histories = new URL('histories/', import.meta.url);
const names = readdirSync(histories).map((file) => file.replace('.json', ''));
const bundle = { codePath: fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url)) };

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** Throws where the workflows of a bundle would go another way than what is on record (see `record.ts`). */
async function replay(name: string, workflowBundle: WorkflowBundleOption): Promise<void> {
  const json = JSON.parse(readFileSync(new URL(`${name}.json`, histories), 'utf8')) as object;
  const history = proto.temporal.api.history.v1.History.fromObject(json);
  await Worker.runReplayHistory({ workflowBundle }, history, `delivery/${name}`);
}

describe('a delivery on record', () => {
  it('is there for each way to go', () => {
    expect(names).toEqual(
      expect.arrayContaining([
        'succeeded',
        'retried',
        'rejected',
        'sent-now',
        'cancelled',
        'with-token',
        'group',
        'lane',
        'sweep',
      ]),
    );
  });

  it.each(names)('goes on as it was: %s', async (name) => {
    await replay(name, bundle);
  });

  it('does not go on in a workflow that was broken', async () => {
    const broken = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('broken-workflows.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    });
    for (const name of names) {
      await expect(replay(name, broken)).rejects.toThrow(DeterminismViolationError);
    }
  });
});
