import type { components } from '../../generated/contract.js';

/** A problem document as the console knows it: the API's own, or one that says why there was no answer. */
export interface Problem {
  title: string;
  status: number;
  detail: string;
  code: components['schemas']['Problem']['code'] | 'unreachable' | 'unknown';
  errors: readonly { path: string; message: string }[];
  instance?: string;
}

/** What a call that is not done throws. `message` is the problem's detail. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** The problem of an answer; a made one where something else than Postrider answered. */
export async function problemOf(response: Response): Promise<Problem> {
  if (response.headers.get('content-type')?.includes('application/problem+json') === true) {
    return (await response.json()) as Problem;
  }
  return {
    title: 'An answer that is not Postrider’s',
    status: response.status,
    detail: `Status ${response.status} came back without a problem document; something between here and Postrider answered.`,
    code: 'unknown',
    errors: [],
  };
}

/** What went wrong, whatever was thrown. */
export function problemIn(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    title: 'Something went wrong on this page',
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
    code: 'unknown',
    errors: [],
  };
}
