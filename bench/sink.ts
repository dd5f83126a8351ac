import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * The receiver that both ways deliver to, in a process of its own: it answers at once, notes when each delivery came
 * first, and tells the parent when as many have come as it waits for on a path. `/fail` answers 500, `/ms` after 1 ms,
 * `/hang` never.
 */
const arrivals = new Map<string, number>();
let waitingFor = Infinity;
let waitingOn = '';

const server = createServer((request, response) => {
  const id = request.headers['webhook-id'] ?? request.headers['x-id'];
  if (typeof id === 'string' && request.url === waitingOn && !arrivals.has(id))
    arrivals.set(id, performance.timeOrigin + performance.now());
  request.resume();
  const answer = () => {
    if (request.url === '/hang') return;
    response.writeHead(request.url === '/fail' ? 500 : 200).end('ok');
    if (arrivals.size >= waitingFor) {
      waitingFor = Infinity;
      process.send?.({ arrivals: [...arrivals] });
    }
  };
  request.on('end', () => (request.url === '/ms' ? setTimeout(answer, 1) : answer()));
});

process.on('message', ({ expect, path }: { expect: number; path: string }) => {
  arrivals.clear();
  waitingFor = expect;
  waitingOn = path;
  process.send?.({ ready: true });
});

process.on('disconnect', () => process.exit());

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
