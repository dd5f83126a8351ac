import { pino, type Logger } from 'pino';
import type { Config } from '../config/config.js';

export type { Logger };

/** Structured logs, one JSON object a line. What is logged are ids, counts and codes; never a header, body or key. */
export function createLogger(level: Config['logLevel']): Logger {
  return pino({
    level,
    base: { service: 'postrider' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
