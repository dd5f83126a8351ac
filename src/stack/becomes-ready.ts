import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from './part.js';
import { isRunning, type ProcessIdentity } from './process-identity.js';
import { reasonOf } from './stack-error.js';
import type { Report } from './tool.js';

const readyLimitMs = 90_000;
const reportEveryMs = 15_000;
const pollMs = 100;

/** Undefined once the part is ready; otherwise why it is not: its process has ended, or its time is over. */
export async function becomesReady<Port extends string>(
  part: Part<Port>,
  ports: Record<Port, number>,
  identity: ProcessIdentity,
  { signal, report }: { report: Report; signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  const started = Date.now();
  let reportAt = started + reportEveryMs;
  for (;;) {
    try {
      await part.prepare(ports);
      // Something else may answer on its port.
      if (isRunning(identity)) return undefined;
      return 'its process has ended';
    } catch (error) {
      if (!isRunning(identity)) return 'its process has ended';
      const waited = `${Math.round((Date.now() - started) / 1_000)} s: ${reasonOf(error)}`;
      if (Date.now() > started + readyLimitMs) return `not ready after ${waited}`;
      if (Date.now() > reportAt) {
        report(`${part.name}: not ready yet after ${waited}`);
        reportAt += reportEveryMs;
      }
    }
    if (signal?.aborted) return 'the start was called off';
    await sleep(pollMs);
  }
}
