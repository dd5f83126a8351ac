import { setTimeout as delay } from 'node:timers/promises';

/** What to send, by how many callers at once; with `perSecond` at that rate, whatever the answers take. */
export interface Load {
  ids: readonly string[];
  callers: number;
  perSecond?: number;
}

/** Calls `send` for each id, and gives the time (ms since the epoch) at which each call began. */
export async function inParallel(
  { ids, callers, perSecond }: Load,
  send: (id: string) => Promise<void>,
): Promise<Map<string, number>> {
  const began = new Map<string, number>();
  const one = async (id: string) => {
    began.set(id, performance.timeOrigin + performance.now());
    await send(id);
  };
  if (perSecond !== undefined) {
    const start = performance.now();
    const calls = ids.map(async (id, index) => {
      await delay(start + (index * 1_000) / perSecond - performance.now());
      await one(id);
    });
    await Promise.all(calls);
    return began;
  }
  const queue = ids.values();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (const id of queue) await one(id);
    }),
  );
  return began;
}

/** The value below which `share` (0 to 1) of the values are. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
