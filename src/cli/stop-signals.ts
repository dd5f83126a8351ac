/**
 * One key press can arrive as two signals: the terminal signals npm and this process alike, and npm passes on what it gets. So
 * what follows the first within so many milliseconds belongs to it.
 */
const samePressMs = 1_000;

/** Calls `stop` at the first signal to end (Ctrl-C, SIGTERM, or that the terminal was closed), and `stopAtOnce` at any later one. */
export function onStopSignals(stop: () => void, stopAtOnce: () => void): void {
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      if (firstAt === undefined) {
        firstAt = now;
        stop();
      } else if (now - firstAt > samePressMs) stopAtOnce();
    });
  }
}
