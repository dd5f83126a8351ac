import { problemCodes, type ProblemCode } from './codes.js';

/** One thing that is wrong, and where: a dotted path such as `events.3.type`; empty for the body as a whole. */
export interface FieldError {
  path: string;
  message: string;
}

/** A call that is not done, answered as an RFC 9457 problem document. */
export class Problem extends Error {
  override name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  /** `detail` is for people: what was wrong, where, and what to do. */
  constructor(
    code: ProblemCode,
    detail: string,
    extra: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = extra.errors ?? [];
    this.headers = extra.headers ?? {};
  }

  get status(): number {
    return problemCodes[this.code].status;
  }
}

/** A 422 for fields whose errors are known; its detail is the first of them. */
export function invalid(errors: readonly FieldError[]): Problem {
  const [first] = errors;
  const where = first?.path === '' ? 'The body' : `${first?.path}:`;
  const detail = first ? `${where} ${first.message}` : 'The request is not valid.';
  return new Problem('invalid', errors.length > 1 ? `${detail} (and ${errors.length - 1} more)` : detail, {
    errors,
  });
}

const longestShownId = 100;

/** A 404 that is the same whether the thing is not there or belongs to somebody else. */
export function notFound(what: string, id: string): Problem {
  const shown = id.length > longestShownId ? `${id.slice(0, longestShownId)}…` : id;
  return new Problem('not_found', `There is no ${what} ${shown} in this organization and environment.`);
}
