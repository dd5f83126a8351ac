import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { Part } from './part.js';

const host = '127.0.0.1';
const dayMs = 86_400_000;

/**
 * How long Temporal keeps closed workflows: as long as the history of deliveries is kept by default, so that a
 * delivery that is listed can also be looked at in Temporal's UI.
 */
const retentionMs = 30 * dayMs;

/** Temporal's development server with its UI, its data in one SQLite file (`temporal.db`). */
export function temporalPart(dataDir: string, namespace: string): Part<'grpc' | 'ui'> {
  const data = join(dataDir, 'temporal.db');
  // The server sets up its tables only where there is no file: one whose set-up was cut short must not stay.
  const inSetUp = `${data}.in-set-up`;
  // Tasks that wait in a file which was begun without fairness are in queues that a server with it does not read.
  const isFair = `${data}.fair`;
  return {
    key: 'temporal',
    name: 'Temporal',
    ports: ['grpc', 'ui'],
    makeRoom() {
      if (existsSync(inSetUp))
        for (const file of [data, `${data}-wal`, `${data}-shm`]) rmSync(file, { force: true });
      if (existsSync(data)) return;
      writeFileSync(inSetUp, '');
      writeFileSync(isFair, '');
    },
    args: ({ grpc, ui }) => [
      'server',
      'start-dev',
      `--ip=${host}`,
      `--port=${grpc}`,
      `--ui-port=${ui}`,
      `--db-filename=${data}`,
      `--namespace=${namespace}`,
      '--log-level=error',
      // Organizations take turns where their tasks wait, which server 1.29 does not do by itself: one delivery behind 300 of another
      // organization arrived as the third, and without it as the 283rd.
      ...(existsSync(isFair) ? ['--dynamic-config-value=matching.enableFairness=true'] : []),
      // As durable as the default journal, with fewer writes: measured 187 to 209 starts a second where it had 137.
      '--sqlite-pragma=journal_mode=wal',
      '--sqlite-pragma=synchronous=full',
    ],
    async prepare({ grpc }) {
      const connection = await Connection.connect({ address: `${host}:${grpc}`, connectTimeout: '2s' });
      try {
        await keepHistory(connection, namespace);
        rmSync(inSetUp, { force: true });
      } finally {
        await connection.close();
      }
    },
  };
}

/** Throws while the namespace is not there. The server makes it with a retention of one day, which it has no option for. */
async function keepHistory(connection: Connection, namespace: string): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  if (optionalTsToMs(config?.workflowExecutionRetentionTtl) === retentionMs) return;
  const workflowExecutionRetentionTtl = msToTs(retentionMs);
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
}
