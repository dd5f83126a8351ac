import express, { type RequestHandler } from 'express';
import { Problem, invalid } from '../errors/problem.js';

const defaultLimit = 1024 * 1024;
/** MongoDB takes 100 levels, and code that walks a value level by level needs some bound. */
const deepest = 64;

/** Reads a JSON body of at most `limit` bytes, counted after decompression, and answers clearly where it cannot. */
export function readJson(limit = defaultLimit): RequestHandler {
  const parse = express.json({ limit, strict: false, type: () => true });
  return (request, response, next) => {
    const type = request.get('content-type');
    const hasBody =
      request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
    if (hasBody && type !== undefined && request.is(['json', '+json']) === false) {
      throw new Problem('unsupported_media_type', `The body is ${type}; this call takes application/json.`);
    }
    parse(request, response, (error?: unknown) => {
      if (error !== undefined) return next(bodyProblem(error, limit));
      if (!hasBody) request.body = undefined;
      const tooDeep = pathBelow(request.body, deepest);
      if (tooDeep !== undefined) {
        return next(
          invalid([{ path: tooDeep, message: `must not be nested deeper than ${deepest} levels` }]),
        );
      }
      next();
    });
  };
}

/** What the parser of Express reports (http-errors with a `type`), as a problem of ours. */
function bodyProblem(error: unknown, limit: number): unknown {
  const type = error instanceof Error ? (error as Error & { type?: string }).type : undefined;
  switch (type) {
    case 'entity.too.large':
      return new Problem(
        'payload_too_large',
        `The body is larger than the ${limit} bytes that this call takes.`,
      );
    case 'entity.parse.failed':
      return new Problem('invalid_json', `The body is not JSON: ${(error as Error).message}.`);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem('unsupported_media_type', `${(error as Error).message}.`);
    case 'request.aborted':
    case 'request.size.invalid':
      return new Problem('invalid_json', 'The body ended before its announced length.');
    default:
      return error;
  }
}

/** The dotted path of the first value below `depth` levels; walks without recursion, so no value is too deep for it. */
function pathBelow(root: unknown, depth: number): string | undefined {
  const open: { value: unknown; path: string[] }[] = [{ value: root, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    if (value === null || typeof value !== 'object') continue;
    if (path.length >= depth) return path.join('.');
    for (const [key, child] of Object.entries(value)) {
      if (child !== null && typeof child === 'object') open.push({ value: child, path: [...path, key] });
    }
  }
  return undefined;
}
