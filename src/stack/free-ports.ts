import getPort from 'get-port';
import type { Part } from './part.js';

/** Ports of 127.0.0.1 on which nothing listens: those that are wanted where they are free, else any. */
export async function freePorts<Port extends string>(
  part: Part<Port>,
  wanted: Readonly<Record<string, number>>,
): Promise<Record<Port, number>> {
  const ports: Partial<Record<Port, number>> = {};
  for (const name of part.ports) {
    const port = wanted[name];
    ports[name] = await getPort({ host: '127.0.0.1', ...(port === undefined ? {} : { port }) });
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
