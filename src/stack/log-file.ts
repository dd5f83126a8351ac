import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A log is kept to twice this: itself and one older file beside it (`.1`). */
const limitBytes = 8 * 1024 * 1024;
const lookEveryMs = 10_000;
const shownLines = 10;
const longestLine = 600;

/** Bytes in a log; 0 when there is none. */
export function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Lends the descriptor of a log to `use`, for a child process that writes to it itself and so outlives us. */
export function withLog<Result>(path: string, use: (descriptor: number) => Result): Result {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a');
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What was written to a log after it had `from` bytes; nothing when the log was never made. */
export function logSince(path: string, from: number): string {
  return existsSync(path) ? readFileSync(path).subarray(from).toString('utf8').trimEnd() : '';
}

/**
 * The lines of a log that tell why its writer failed: those that speak of an error (mongod marks them E or F), which
 * need not stand last; where there are none, the last.
 */
export function tellingLines(log: string): string {
  const lines = log.split('\n').map((line) => line.trim().slice(0, longestLine));
  const telling = lines.filter((line) => /"s":"[EF]"|\b(error|panic|fatal|unable)\b/i.test(line));
  return (telling.length > 0 ? telling : lines).slice(-shownLines).join('\n');
}

/** Bounds a log while a process appends to it; gives what ends that. */
export function boundLog(path: string): () => void {
  const bound = (): void => {
    if (logSize(path) < limitBytes) return;
    // Its writer holds the file open in append mode, so it can be emptied but not renamed.
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
  };
  bound();
  const timer = setInterval(bound, lookEveryMs).unref();
  return () => clearInterval(timer);
}
