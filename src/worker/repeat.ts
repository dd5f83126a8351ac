import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logging/logger.js';

/** Work that is done again and again until it is stopped. */
export interface Repeated {
  /** Resolves when the pass under way, if any, has ended. */
  stop(): Promise<void>;
}

/** Does `pass` at once, then `everyMs` after the end of the last one. A pass that fails is logged, and repeated. */
export function repeat(
  name: string,
  everyMs: number,
  logger: Logger,
  pass: (signal: AbortSignal) => Promise<void>,
): Repeated {
  const stopped = new AbortController();
  const { signal } = stopped;
  const running = (async () => {
    while (!signal.aborted) {
      await pass(signal).catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ err: error }, `${name} broke off; it is repeated`);
      });
      await delay(everyMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
