import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, Runtime, type LogEntry } from '@temporalio/worker';
import type { Logger } from '../logging/logger.js';
import { failureTypes } from '../workflows/input.js';

const ours = new Set<string>(Object.values(failureTypes));

/**
 * Has Temporal's SDK log where everything else is logged, once for a process. Signals are Postrider's own to handle:
 * the API stops before the worker does.
 */
export function installRuntime(logger: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', (entry) => write(logger, entry)),
    shutdownSignals: [],
  });
}

function write(logger: Logger, { level, message, meta }: LogEntry): void {
  const { error, ...fields }: Record<string, unknown> = meta ?? {};
  // An attempt that failed has a line of its own; for the SDK every retry is a failed activity.
  const expected = error instanceof ApplicationFailure && ours.has(error.type ?? '');
  const text = `temporal: ${message}`;
  if (expected || level === 'TRACE' || level === 'DEBUG' || level === 'INFO')
    logger.debug({ err: error, ...fields }, text);
  else if (level === 'WARN') logger.warn({ err: error, ...fields }, text);
  else logger.error({ err: error, ...fields }, text);
}
