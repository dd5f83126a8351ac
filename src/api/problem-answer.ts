import type { ErrorRequestHandler, Response } from 'express';
import { ulid } from 'ulid';
import { problemCodes } from '../errors/codes.js';
import { Problem } from '../errors/problem.js';
import type { Logger } from '../logging/logger.js';
import { isMongoUnavailable } from '../models/availability.js';

/** The problem document of RFC 9457 for a problem. `instance` names what the logs say of it. */
export function problemDocument(problem: Problem, instance?: string): string {
  const { status, title } = problemCodes[problem.code];
  return JSON.stringify({
    type: `/docs/errors#${problem.code}`,
    title,
    status,
    detail: problem.message,
    code: problem.code,
    errors: problem.errors,
    ...(instance === undefined ? {} : { instance }),
  });
}

/** Answers a problem. */
export function answerProblem(response: Response, problem: Problem, instance?: string): void {
  response
    .status(problem.status)
    .set({ 'cache-control': 'no-store', ...problem.headers })
    .type('application/problem+json')
    .send(problemDocument(problem, instance));
}

/** Answers what a handler threw: a Problem as it is; what Express refuses as the caller's fault; the rest as ours. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof Problem) {
      answerProblem(response, error);
      return;
    }
    if (error instanceof URIError) {
      answerProblem(
        response,
        new Problem('invalid_url', 'The URL holds a % that begins no percent-encoded UTF-8.'),
      );
      return;
    }
    const instance = `urn:postrider:error:${ulid()}`;
    logger.error({ err: error, instance, method: request.method, path: request.path }, 'call failed');
    const problem = isMongoUnavailable(error)
      ? new Problem(
          'unavailable',
          'The database cannot be reached. Whether the call was done is not known: repeat it, an event with its idempotency key.',
          {
            headers: { 'retry-after': '5' },
          },
        )
      : new Problem('internal_error', 'The call failed through no fault of yours; it has been logged.');
    answerProblem(response, problem, instance);
  };
}
