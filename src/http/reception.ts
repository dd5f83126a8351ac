import { Readable } from 'node:stream';
import type { Client, Dispatcher } from 'undici';
import type { HeaderList } from './exchange.js';

/** A response whose body still comes. */
export interface Reception {
  status: number;
  headers: HeaderList;
  /** The bytes as they come, at most `maxBytes`: what follows is not waited for. Destroying it ends the connection. */
  body: Readable;
}

const nothing = (_reason: Error): void => {};

/**
 * Sends a request and receives its response. The body is never held back: it is at most `maxBytes` that are kept, and
 * undici 7 crashes the process where the connection of a response that it holds back ends
 * (https://github.com/nodejs/undici/issues/5360).
 */
export async function receive(
  client: Client,
  request: Dispatcher.DispatchOptions,
  { signal, maxBytes }: { signal: AbortSignal; maxBytes: number },
): Promise<Reception> {
  return new Promise((resolve, reject) => {
    let end = nothing;
    let rest = maxBytes;
    const body = new Readable({
      read() {},
      destroy(error, done) {
        end(error ?? new Error('the body is not read to its end'));
        done(error);
      },
    });
    // Who reads it hears of it; before the response has begun, `reject` tells.
    body.on('error', nothing);
    client.dispatch(request, {
      onRequestStart(controller) {
        end = (reason) => controller.abort(reason);
        if (signal.aborted) end(signal.reason as Error);
        else signal.addEventListener('abort', () => end(signal.reason as Error), { once: true });
      },
      onResponseStart({ rawHeaders }, status) {
        if (status >= 200) resolve({ status, headers: pairs(rawHeaders as Buffer[]), body });
      },
      onResponseData(controller, chunk) {
        body.push(chunk);
        rest -= chunk.length;
        if (rest > 0) return;
        body.push(null);
        controller.abort(new Error('the body is longer than what is kept'));
      },
      onResponseEnd() {
        end = nothing;
        body.push(null);
      },
      onResponseError(_controller, error) {
        reject(error);
        if (rest > 0) body.destroy(error);
      },
    });
  });
}

/** Names and values as they came, in turn. */
function pairs(raw: readonly Buffer[]): HeaderList {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    raw[2 * index]?.toString() ?? '',
    raw[2 * index + 1]?.toString('latin1') ?? '',
  ]);
}
