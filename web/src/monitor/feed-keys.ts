import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import type { FeedTableProps } from './feed-table.js';

const pageRows = 10;

/** The keys of a feed's rows: one row at a time can be reached by Tab, the others by arrow keys (ARIA's roving tabindex). */
export function useFeedKeys<Row>({
  feed,
  onOpen,
  onClose,
  openId,
  selection,
  scroller,
  scrollTo,
}: FeedTableProps<Row> & {
  scroller: RefObject<HTMLDivElement | null>;
  scrollTo: (index: number) => void;
}): {
  current: number;
  setCurrent: (index: number) => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
} {
  const [chosen, setCurrent] = useState(0);
  const current = Math.min(chosen, Math.max(0, feed.count - 1));
  const focus = (index: number): void => {
    setCurrent(index);
    scrollTo(index);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
    });
  };
  // Who closes what was open goes on in the table.
  const wasOpen = useRef(openId);
  useEffect(() => {
    if (wasOpen.current !== undefined && openId === undefined && document.activeElement === document.body) {
      scroller.current
        ?.querySelector<HTMLElement>(`[data-index="${current}"]`)
        ?.focus({ preventScroll: true });
    }
    wasOpen.current = openId;
  });
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    // A button or a field within the row keeps its own keys.
    if (event.target !== event.currentTarget) return;
    // Newer rows may have moved it since it was focused.
    const at = Number(event.currentTarget.dataset['index']);
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + pageRows,
      PageUp: at - pageRows,
      Home: 0,
      End: feed.count - 1,
    };
    const id = feed.idAt(at);
    const step = to[event.key];
    if (event.key === 'Enter' && id !== undefined) onOpen(id);
    else if (event.key === ' ' && selection) selection.toggle(feed.idAt, at, event.shiftKey);
    else if (event.key === 'Escape' && openId !== undefined) onClose();
    else if (event.key === 'Escape' && selection) selection.clear();
    else if (step !== undefined) {
      const next = Math.max(0, Math.min(feed.count - 1, step));
      if (event.shiftKey && selection) selection.toggle(feed.idAt, next, true);
      focus(next);
    } else return;
    event.preventDefault();
  };
  return { current, setCurrent, onKeyDown };
}
