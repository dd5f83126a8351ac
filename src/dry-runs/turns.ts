import { Problem } from '../errors/problem.js';

const running = new Set<string>();

/**
 * One dry run of an organization at a time, in each process: it is worth seconds of CPU. Throws a 409 Problem where one
 * is under way.
 */
export async function inTurn<T>(organizationId: string, run: () => Promise<T>): Promise<T> {
  if (running.has(organizationId)) {
    throw new Problem(
      'conflict',
      'A dry run of this organization is under way; try again when it has ended.',
      {
        headers: { 'retry-after': '1' },
      },
    );
  }
  running.add(organizationId);
  try {
    return await run();
  } finally {
    running.delete(organizationId);
  }
}
