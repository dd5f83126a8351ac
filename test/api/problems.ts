import { expect } from '@jest/globals';
import { problemCodes, type ProblemCode } from '../../src/errors/codes.js';
import type { ApiAnswer, Loose } from '../support/api.js';

/** What never belongs into an answer: stack traces, our files and libraries, the database. */
const internal = /\n\s+at |\.[jt]s:\d+|node_modules|mongo(?!db cannot)|mongoose|zod|CastError|E11000/i;

/** Checks an answer for being a problem document with this code, and gives the paths of its errors. */
export function problemOf(answer: ApiAnswer<Loose>, code: ProblemCode): string[] {
  const body = answer.body as Record<string, unknown> & { errors: { path: string; message: string }[] };
  expect({ status: answer.status, code: body['code'], detail: body['detail'] }).toEqual({
    status: problemCodes[code].status,
    code,
    detail: expect.any(String),
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: `/docs/errors#${code}`,
    title: problemCodes[code].title,
    status: problemCodes[code].status,
  });
  expect(String(body['detail']).length).toBeGreaterThan(10);
  expect(JSON.stringify(body)).not.toMatch(internal);
  for (const { message } of body.errors) expect(message).not.toMatch(/invalid input|expected .*received/i);
  return body.errors.map(({ path }) => path);
}
