import type { Stack } from '../src/stack/stack.js';
import { Child } from './child.js';
import type { Load } from './load.js';

/** A way to deliver. */
export interface Way {
  /** Its processes. */
  readonly pids: readonly number[];
  /** Where it delivers to: what arrives elsewhere at the sink is another's. */
  readonly path: string;
  /** Sends; gives the time at which the publishing of each began, by the id that the sink will see. */
  send(load: Omit<Load, 'ids'> & { count: number }): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

export async function startBare(stack: Stack, url: string): Promise<Way> {
  const child = new Child(new URL('bare.js', import.meta.url), [stack.temporalAddress, url]);
  await child.message('ready');
  let runs = 0;
  return {
    pids: [child.pid],
    path: new URL(url).pathname,
    async send({ count, ...load }) {
      runs += 1;
      const ids = Array.from({ length: count }, (_, index) => `bare-${runs}-${index}`);
      const sent = child.message<[string, number][]>('sent');
      child.send({ ids, ...load });
      return new Map(await sent);
    },
    stop: async () => child.stop(),
  };
}
