import { WorkflowClient } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { inParallel } from './load.js';

/*
 * The bare way, in a process of its own: a worker, and a client that starts workflows as fast as `callers` can, or one
 * after another at a rate.
 */
const [address = '', url = ''] = process.argv.slice(2);
const taskQueue = 'bench-bare';
const agent = new Agent({ connections: 32 });
const connection = await NativeConnection.connect({ address });
const client = new WorkflowClient({ connection });
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('bare-workflow.js', import.meta.url)),
  maxConcurrentActivityTaskExecutions: 200,
  maxConcurrentWorkflowTaskExecutions: 100,
  activities: {
    async post(target: string, id: string): Promise<void> {
      const body = JSON.stringify({ id, type: 'bench', data: { n: 1 } });
      const headers = { 'content-type': 'application/json', 'x-id': id };
      const { statusCode, body: answer } = await request(target, {
        method: 'POST',
        dispatcher: agent,
        headers,
        body,
      });
      await answer.dump();
      if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    },
  },
});
void worker.run().then(() => process.exit());

process.on('message', (order: { ids: string[]; callers: number; perSecond?: number }) => {
  void inParallel(order, async (id) => {
    await client.start('bare', { workflowId: id, taskQueue, args: [url, id] });
  }).then((sent) => process.send?.({ sent: [...sent] }));
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
