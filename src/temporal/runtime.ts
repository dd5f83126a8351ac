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
  // An attempt that failed has a line of its own; for the SDK every retry is a failed activity, and every delivery
  // that failed for good a failed workflow.
  const expected = isOurs(error) || (error instanceof Error && isOurs(error.cause));
  const text = `temporal: ${message}`;
  if (expected || level === 'TRACE' || level === 'DEBUG' || level === 'INFO')
    logger.debug({ err: error, ...fields }, text);
  else if (level === 'WARN') logger.warn({ err: error, ...fields }, text);
  else logger.error({ err: error, ...fields }, text);
}

/** By its type alone: what comes out of a workflow's sandbox is of another ApplicationFailure class. */
function isOurs(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'type' in error && ours.has(String(error.type));
}
