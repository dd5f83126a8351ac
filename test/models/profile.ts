import type { Connection } from 'mongoose';

/** One operation as MongoDB's profiler records it. */
export interface Profiled {
  op: string;
  ns: string;
  command: Record<string, unknown>;
  planSummary?: string;
  docsExamined?: number;
  keysExamined?: number;
  nreturned?: number;
  hasSortStage?: boolean;
}

const bytes = 64 * 1024 * 1024;

/** Records every operation of a database while `act` runs, and gives them. */
export async function profile(connection: Connection, act: () => Promise<unknown>): Promise<Profiled[]> {
  const { db } = connection;
  if (!db) throw new Error('not connected');
  await db.command({ profile: 0 });
  await db.dropCollection('system.profile').catch(() => undefined);
  await db.createCollection('system.profile', { capped: true, size: bytes });
  await db.command({ profile: 2 });
  try {
    await act();
  } finally {
    await db.command({ profile: 0 });
  }
  const found = await db.collection('system.profile').find().toArray();
  return (found as unknown as Profiled[]).filter(({ ns }) => !ns.includes('system.'));
}
