import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import classes from './hints.module.css';

const openDelayMs = 300;
/** From what it speaks of, and from the edges of the window, in px. */
const distance = 6;

interface Shown {
  anchor: Element;
  text: string;
}

/** Shows what `hint` gives an element, for the whole page. Esc hides it. */
export function Hints(): React.ReactNode {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listening = new AbortController();
    const on = (type: string, react: (event: Event) => void): void =>
      document.addEventListener(type, react, { signal: listening.signal, capture: true, passive: true });
    const show = (event: Event): void => {
      clearTimeout(timer);
      const anchor = event.target instanceof Element ? event.target.closest('[data-hint]') : null;
      const text = anchor?.getAttribute('data-hint');
      if (!anchor || text === null || text === undefined) setShown(undefined);
      else timer = setTimeout(() => setShown({ anchor, text }), openDelayMs);
    };
    const hide = (): void => {
      clearTimeout(timer);
      setShown(undefined);
    };
    on('pointerover', show);
    on('focusin', (event) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) show(event);
    });
    for (const type of ['pointerleave', 'focusout', 'scroll']) on(type, hide);
    on('keydown', (event) => {
      if ((event as KeyboardEvent).key === 'Escape') hide();
    });
    return () => {
      clearTimeout(timer);
      listening.abort();
    };
  }, []);
  return shown ? <Label key={shown.text} {...shown} /> : null;
}

function Label({ anchor, text }: Shown): React.ReactNode {
  const label = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = label.current;
    if (!element) return;
    const from = anchor.getBoundingClientRect();
    const { width, height } = element.getBoundingClientRect();
    const middle = from.left + from.width / 2 - width / 2;
    const left = Math.max(distance, Math.min(middle, window.innerWidth - width - distance));
    const isRoomAbove = from.top - height - distance > 0;
    element.style.left = `${left}px`;
    element.style.top = `${isRoomAbove ? from.top - height - distance : from.bottom + distance}px`;
  }, [anchor]);
  return (
    <div ref={label} role="tooltip" className={classes['label']}>
      {text}
    </div>
  );
}
