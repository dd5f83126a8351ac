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
  const text = `temporal: ${message}`;
  if (isExpected(error) || level === 'TRACE' || level === 'DEBUG' || level === 'INFO')
    logger.debug({ err: error, ...fields }, text);
  else if (level === 'WARN') logger.warn({ err: error, ...fields }, text);
  else logger.error({ err: error, ...fields }, text);
}

/**
 * Whether an error that the SDK logs is no news: an attempt that failed has a line of its own, while for the SDK every retry is a failed
 * activity, and every delivery that failed for good a failed workflow, with the activity's error as its cause.
 */
export function isExpected(error: unknown): boolean {
  return isOurs(error) || isOurs(fieldOf(error, 'cause'));
}

/** What comes out of a workflow's thread is a copy without its class and its type: there the message tells, which begins with the type. */
function isOurs(error: unknown): boolean {
  const [type] = [fieldOf(error, 'type'), fieldOf(error, 'message')].filter(
    (text) => typeof text === 'string',
  );
  return type !== undefined && ours.has(type.split(',')[0] ?? type);
}

function fieldOf(error: unknown, name: 'type' | 'cause' | 'message'): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}
