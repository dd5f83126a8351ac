import mongoose from 'mongoose';

/** What MongoDB has been asked so far. */
export interface Operations {
  /** Documents or commands, as `opcounters` of `serverStatus` counts them. */
  counted: Record<string, number>;
  /** Messages over the network: a bulk write is one. */
  requests: number;
}

/** Asks MongoDB for its counters. */
export async function readOperations(uri: string): Promise<Operations> {
  const connection = await mongoose.createConnection(uri).asPromise();
  try {
    const status = (await connection.db?.admin().serverStatus()) ?? {};
    const counters = Object.entries(status['opcounters'] as Record<string, unknown>);
    const counted = Object.fromEntries(
      counters.flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])),
    );
    return {
      counted,
      requests: Number((status['network'] as { numRequests: unknown } | undefined)?.numRequests),
    };
  } finally {
    await connection.close();
  }
}

/** What lies between two readings, for each thousand of `deliveries`. */
export function perThousand(before: Operations, after: Operations, deliveries: number): string {
  const each = (value: number) => ((value * 1_000) / deliveries).toFixed(0);
  const counted = Object.entries(after.counted)
    .map(([name, value]) => `${name} ${each(value - (before.counted[name] ?? 0))}`)
    .join(', ');
  return `${each(after.requests - before.requests)} messages; ${counted}`;
}
