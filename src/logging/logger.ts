import { pino, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from '../config/config.js';

export type { Logger };

/**
 * Structured logs: one JSON object a line, readable text in a terminal. What is logged are ids, counts and codes; never
 * a header, body or key.
 */
export function createLogger(level: Config['logLevel']): Logger {
  return pino(
    {
      level,
      base: { service: 'postrider' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    process.stdout.isTTY ? readable() : pino.destination(1),
  );
}

/** A line an entry: time, level, message and fields. */
function readable(): DestinationStream {
  return pretty({ translateTime: 'SYS:HH:MM:ss', ignore: 'service', singleLine: true });
}
