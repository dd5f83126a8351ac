import { closeSync, copyFileSync, mkdirSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log is kept to twice this: itself and one older file beside it (`.1`). */
const limitBytes = 8 * 1024 * 1024;
const lookEveryMs = 10_000;

/** Bytes in a log; 0 when there is none. */
export function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Opens a log for a child process, which writes to it itself and so outlives us: the file descriptor, to be closed. */
export function withLog<Result>(path: string, use: (descriptor: number) => Result): Result {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a');
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The last lines that were written to a log after it had `from` bytes. */
export function lastLines(path: string, from: number, count: number): string {
  const text = readFileSync(path).subarray(from).toString('utf8').trimEnd();
  return text.split('\n').slice(-count).join('\n');
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
