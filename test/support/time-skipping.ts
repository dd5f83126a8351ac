import { Connection, type WorkflowClient } from '@temporalio/client';
import { InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection.js';
import { TimeSkippingWorkflowClient } from '@temporalio/testing/lib/client.js';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../src/stack/free-ports.js';
import { findTestServer } from './test-server.js';
import { waitFor } from './wait.js';

/** Temporal's test server, whose clock runs ahead while nothing but time is waited for. */
export interface TimeSkippingServer {
  /** `host:port` */
  readonly address: string;
  /** Waits for a workflow as its client does, and skips time meanwhile. */
  readonly client: WorkflowClient;
  now(): Promise<Date>;
  stop(): Promise<void>;
}

/**
 * Starts the time-skipping server. `TestWorkflowEnvironment.createTimeSkipping` does it too, but gives the server 5 s
 * to start, which a busy machine's Java does not keep to.
 */
export async function startTimeSkippingServer(): Promise<TimeSkippingServer> {
  const port = await freePort();
  const server = spawn(await findTestServer(), [String(port)], { stdio: 'ignore' });
  const address = `127.0.0.1:${port}`;
  const connection = await waitFor(
    'the time-skipping server',
    async () =>
      Connection.connect({
        address,
        [InternalConnectionOptionsSymbol]: { supportsTestService: true },
      } as object).catch(() => undefined),
    50_000,
  );
  return {
    address,
    client: new TimeSkippingWorkflowClient({ connection, namespace: 'default' }),
    async now() {
      const answer = await connection.testService?.getCurrentTime({});
      return new Date(Number(answer?.time?.seconds) * 1_000 + Number(answer?.time?.nanos) / 1_000_000);
    },
    async stop() {
      await connection.close();
      const exited = once(server, 'exit');
      server.kill();
      await exited;
    },
  };
}
