import { Router, type RequestHandler, type Response } from 'express';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context.js';
import { Problem } from '../errors/problem.js';
import type { SourceRecord } from '../models/source.js';
import { maxBodyBytes, readBody, type Body } from './body.js';
import { findByToken, receive, type Reception } from './receive.js';
import { Room } from './room.js';

/** Bodies that are read at once: each may take 1 MiB of memory and, by the server's timeouts, a minute. */
const reading = { each: 50, all: 200 };
/** Answers that wait for their delay at once. */
const delaying = { each: 100, all: 1_000 };

/** `/in/:token`: where sources receive, by any method and without a key. */
export function inboundRouter(ctx: Context): Router {
  return Router({ caseSensitive: true }).all('/in/:token', receiver(ctx));
}

function receiver(ctx: Context): RequestHandler<{ token: string }> {
  const readers = new Room(reading);
  const delayed = new Room(delaying);
  return async (request, response) => {
    const source = await findByToken(ctx, request.params.token);
    if (!source) throw new Problem('not_found', 'There is no source at this URL.');
    if (source.expiresAt !== null && source.expiresAt <= (await ctx.clock.now())) {
      throw new Problem('source_expired', 'This URL took requests for a limited time, which is over.');
    }
    const body = await readWithin(readers, source, request);
    if (!body) return;
    const leave = source.respond.delayMs > 0 ? delayed.enter(source._id) : () => undefined;
    try {
      const reception = await receive(ctx, source, request, body, leave === undefined);
      if (reception !== 'accepted') throw refusal(reception);
      await respond(response, source);
    } finally {
      leave?.();
    }
  };
}

/** The body; undefined when the sender has hung up, so that there is nothing to record and nobody to answer. */
async function readWithin(
  readers: Room,
  source: SourceRecord,
  request: IncomingMessage,
): Promise<Body | undefined> {
  const leave = readers.enter(source._id);
  if (!leave) throw refusal('source_busy');
  try {
    return await readBody(request);
  } catch (error) {
    if (!request.complete) return undefined;
    throw error;
  } finally {
    leave();
  }
}

/** Answers as the source says: a string as plain text, anything else as JSON; never as what a browser would run. */
async function respond(
  response: Response,
  { respond: { status, delayMs, bodyJson } }: SourceRecord,
): Promise<void> {
  if (delayMs > 0) {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    await delay(delayMs, undefined, { signal: gone.signal }).catch(() => undefined);
    if (gone.signal.aborted) return;
  }
  const body: unknown = bodyJson === null ? undefined : JSON.parse(bodyJson);
  response.status(status);
  if (body === undefined) response.end();
  else if (typeof body === 'string') response.type('text/plain').send(body);
  else response.json(body);
}

function refusal(reception: Exclude<Reception, 'accepted'>): Problem {
  switch (reception) {
    case 'payload_too_large':
      return new Problem(reception, `A source takes bodies of at most ${maxBodyBytes} bytes.`, {
        headers: { connection: 'close' },
      });
    case 'verification_failed':
      return new Problem(reception, 'The request does not prove what this source asks for.');
    case 'source_busy':
      return new Problem(reception, 'Too many requests to this source are under way.', {
        headers: { 'retry-after': '5' },
      });
  }
}
