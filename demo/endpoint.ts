import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as an endpoint sees it. */
export interface Arrival {
  headers: IncomingHttpHeaders;
  body: string;
}

/** What an endpoint answers. */
export interface Reply {
  status: number;
  body: object;
}

/** An HTTP server on loopback, on a port of its own. */
export interface Endpoint {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts an endpoint that answers each POST with what `reply` gives. */
export async function startEndpoint(path: string, reply: (arrival: Arrival) => Reply): Promise<Endpoint> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, body } = reply({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
