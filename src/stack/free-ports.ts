import getPort, { portNumbers } from 'get-port';
import { randomInt } from 'node:crypto';
import type { Part } from './part.js';

/** Below what operating systems give to connections of their own accord (from 32768 on, or 49152), which can take any port there. */
const lowest = 10_000;
const highest = 32_000;

/** A port of 127.0.0.1 on which nothing listens, and which only somebody who looks for it could take before it is used. */
export async function freePort(): Promise<number> {
  const from = randomInt(lowest, highest);
  return getPort({ host: '127.0.0.1', port: portNumbers(from, from + 100) });
}

/** Ports of 127.0.0.1 on which nothing listens: those that are wanted where they are free, else any. */
export async function freePorts<Port extends string>(
  part: Part<Port>,
  wanted: Readonly<Record<string, number>>,
): Promise<Record<Port, number>> {
  const ports: Partial<Record<Port, number>> = {};
  for (const name of part.ports) {
    const port = wanted[name];
    ports[name] = await (port === undefined ? freePort() : getPort({ host: '127.0.0.1', port }));
  }
  return ports as Record<Port, number>;
}

/** The ports that were recorded, when all that the part needs are among them. */
export function portsOf<Port extends string>(
  part: Part<Port>,
  recorded: Record<string, number>,
): Record<Port, number> | undefined {
  return part.ports.every((name) => recorded[name] !== undefined) ? recorded : undefined;
}
