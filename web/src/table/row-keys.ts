import { useState, type KeyboardEvent, type RefObject } from 'react';

/** One row at a time can be reached by Tab; the others by arrow keys (ARIA's roving tabindex). */
export function useRowKeys({
  count,
  scroller,
  scrollTo,
  open,
}: {
  count: number;
  scroller: RefObject<HTMLElement | null>;
  scrollTo: (index: number) => void;
  open: (index: number) => void;
}): {
  current: number;
  setCurrent: (index: number) => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
} {
  const [current, setCurrent] = useState(0);
  const steps: Record<string, number> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    Home: 0,
    End: count - 1,
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    // A button or a field within the row keeps its own keys.
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      open(current);
      return;
    }
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(count - 1, step));
    setCurrent(next);
    scrollTo(next);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus();
    });
  };
  return { current: Math.min(current, Math.max(0, count - 1)), setCurrent, onKeyDown };
}
