import type { ServerResponse } from 'node:http';
import type { Api, Loose } from '../support/api.js';
import type { Arrival, Receiver } from '../support/receiver.js';

/** The data of the events of these tests: a key, and a number that says which one it is. */
export interface Numbered {
  account: { id: string };
  n: number;
}

/** The event that an arrival is of. */
export function dataOf({ body }: Pick<Arrival, 'body'>): Numbered {
  return (JSON.parse(body) as { data: Numbered }).data;
}

/** Publishes events of keys in one call, numbered in their order, and gives their deliveries' ids. */
export async function publishKeys(
  api: Api,
  type: string,
  keys: readonly string[],
  from = 0,
): Promise<string[]> {
  const events = keys.map((id, index) => ({ type, data: { account: { id }, n: from + index } }));
  const { data } = await api.make('/v1/events/batch', { events });
  return data.flatMap(({ deliveries }: Loose) => deliveries.map(({ id }: Loose) => id as string));
}

/** The numbers that have arrived, in order, of a key or of all. */
export function arrived({ arrivals }: Receiver, key?: string): number[] {
  return arrivals
    .map(dataOf)
    .filter(({ account }) => key === undefined || account.id === key)
    .map(({ n }) => n);
}

/** Has a receiver hold the requests of a key until they are let go. */
export function holdKey(receiver: Receiver, key: string): (status: number) => void {
  const held: ServerResponse[] = [];
  let answer: number | undefined;
  receiver.always((arrival, response) => {
    if (dataOf(arrival).account.id !== key) response.writeHead(200).end('ok');
    else if (answer === undefined) held.push(response);
    else response.writeHead(answer).end();
  });
  return (status) => {
    answer = status;
    for (const response of held) response.writeHead(status).end();
  };
}
