import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 20;

/**
 * Waits until `probe` gives something other than undefined or false, and gives that. Fails after `timeoutMs`
 * with what was waited for.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 120_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const began = performance.now();
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
    // Where an answer takes long, the machine has enough to do: the more questions, the later comes what is waited for.
    await delay(Math.max(everyMs, 2 * (performance.now() - began)));
  }
}
