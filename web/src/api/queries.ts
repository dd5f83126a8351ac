import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { acting } from './acting.js';
import { ProblemError } from './problem.js';

/** The key of a query: first whom it acts for, so that nothing of one environment is ever shown in the other. */
export function keyOf(...parts: readonly unknown[]): readonly unknown[] {
  const { environment, organizationId } = acting();
  return [environment ?? null, organizationId ?? null, ...parts];
}

/** Answers of the caller's fault come again however often one asks; the others are asked for twice more. */
function isWorthRetrying(failures: number, error: Error): boolean {
  if (error instanceof ProblemError && error.problem.status >= 400 && error.problem.status < 500)
    return false;
  return failures < 2;
}

/** A call that finds nobody signed in (any more) asks who is: the shell then leads to signing in, and back. */
function onError(error: Error): void {
  if (error instanceof ProblemError && error.problem.code === 'unauthorized') {
    void queryClient.invalidateQueries({ queryKey: sessionKey });
  }
}

/** Of the query that tells who is signed in. */
export const sessionKey = ['session'] as const;

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: { retry: isWorthRetrying, staleTime: 5_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});
