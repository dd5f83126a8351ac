import { useSyncExternalStore, type ReactNode } from 'react';

/** One clock for all that count down, which ticks while somebody looks. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((tell) => tell()), 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The present second, in ms. */
export function useSecond(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / 1_000) * 1_000);
}

/** The time until a moment (ISO 8601), to the second: "in 4m 09s"; "now" once it has come. */
export function Countdown({ to }: { to: string }): ReactNode {
  const left = Math.ceil((Date.parse(to) - useSecond()) / 1_000);
  return (
    <time dateTime={to} title={to} style={{ whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }}>
      {left <= 0 ? 'now' : `in ${spell(left)}`}
    </time>
  );
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function spell(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return `${hours}h ${two(minutes % 60)}m ${two(seconds % 60)}s`;
  return minutes > 0 ? `${minutes}m ${two(seconds % 60)}s` : `${seconds}s`;
}
