import { lazy, Suspense, useSyncExternalStore, type ReactNode } from 'react';
import type * as Host from './dialog-host.js';
import type { Question } from './dialog-host.js';

const DialogHost = lazy(async () => import('./dialog-host.js'));

/** Questions and notices are rare, so what shows them is loaded for the first one. */
let wanted = false;
let told: () => void = () => undefined;
let here: () => void = () => undefined;
const isHere = new Promise<void>((resolve) => (here = resolve));

/** Stands once in the page, and shows what `confirm` and `notify` ask for. */
export function Dialogs(): ReactNode {
  const isWanted = useSyncExternalStore(
    (listener) => {
      told = listener;
      return () => (told = () => undefined);
    },
    () => wanted,
  );
  return isWanted ? (
    <Suspense>
      <DialogHost onReady={here} />
    </Suspense>
  ) : null;
}

/** Asks, and tells whether the answer was yes. */
export async function confirm(question: Question): Promise<boolean> {
  const host = await load();
  return host.ask(question);
}

/** Says something in the corner. `problem` stays until it is closed; the rest goes by itself. */
export async function notify(notice: {
  message: ReactNode;
  title?: string;
  kind?: 'done' | 'problem';
}): Promise<void> {
  const host = await load();
  host.say(notice);
}

async function load(): Promise<typeof Host> {
  wanted = true;
  told();
  const [host] = await Promise.all([import('./dialog-host.js'), isHere]);
  return host;
}
