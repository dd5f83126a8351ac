import express, { type RequestHandler } from 'express';
import { Problem, invalid } from '../errors/problem.js';
import { faultOf } from './json-fault.js';

const defaultLimit = 1024 * 1024;

/** RFC 8259, 8.1: JSON between systems is UTF-8. A byte order mark is skipped. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a JSON body of at most `limit` bytes, counted after decompression, and answers clearly where it cannot. No body,
 * and an empty one, is undefined.
 */
export function readJson(limit = defaultLimit): RequestHandler {
  const read = express.raw({ limit, type: () => true });
  return (request, response, next) => {
    const type = request.get('content-type');
    if (type !== undefined && request.is(['json', '+json']) === false) throw notJson(type);
    if (type !== undefined && !/^utf-?8$/i.test(charsetOf(type))) throw notJson(type);
    read(request, response, (error?: unknown) => {
      if (error !== undefined) return next(bodyProblem(error, limit));
      try {
        request.body = bodyOf(request.body);
      } catch (problem) {
        return next(problem);
      }
      next();
    });
  };
}

function bodyOf(bytes: unknown): unknown {
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined;
  const body = parse(bytes);
  const fault = faultOf(body);
  if (fault) throw invalid([fault]);
  return body;
}

function parse(bytes: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new Problem('invalid_json', 'The body is not valid UTF-8.');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Problem('invalid_json', `The body is not JSON: ${(error as Error).message}.`);
  }
}

function charsetOf(contentType: string): string {
  return /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(contentType)?.[1] ?? 'utf-8';
}

function notJson(type: string): Problem {
  return new Problem(
    'unsupported_media_type',
    `The body is ${type}; this call takes application/json in UTF-8.`,
  );
}

/** What the reader of Express reports (http-errors with a `type`), as a problem of ours. */
function bodyProblem(error: unknown, limit: number): unknown {
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.too.large') {
    return new Problem(
      'payload_too_large',
      `The body is larger than the ${limit} bytes that this call takes.`,
    );
  }
  if (type === 'encoding.unsupported') {
    return new Problem('unsupported_media_type', `${(error as Error).message}.`);
  }
  // The rest of its 4xx are bodies that end early or whose compression is broken.
  if (status !== undefined && status < 500) {
    return new Problem('invalid_json', `The body cannot be read: ${(error as Error).message}.`);
  }
  return error;
}
