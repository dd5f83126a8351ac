import { queryOptions, useQuery } from '@tanstack/react-query';
import { actFor, environments, type Environment } from '../api/acting.js';
import { api, dataOf } from '../api/client.js';
import { queryClient, sessionKey } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { useEnvironment } from '../address/links.js';

export type Access = Schema<'Access'>;

/** What the API asks of a role for a call (`src/api/permissions.ts`). */
export type Permission = 'root' | 'keys' | 'configure' | 'read' | 'history' | 'publish' | 'operate';

/** Who is signed in. Asked again now and then, so that a session that ends is noticed without a click. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }) => dataOf(api.GET('/session', { signal })),
  refetchInterval: 60_000,
});

/** The access to an environment that the session has, if it has one. */
export function accessTo(environment: Environment, accesses: readonly Access[]): Access | undefined {
  return accesses.find((access) => access.environment === null || access.environment === environment);
}

/** The environments that somebody is signed in to. */
export function environmentsOf(accesses: readonly Access[]): readonly Environment[] {
  return environments.filter((environment) => accessTo(environment, accesses) !== undefined);
}

/** The access to the environment of the address; undefined until it is known. */
export function useAccess(): Access | undefined {
  const environment = useEnvironment();
  const { data } = useQuery(sessionQuery);
  return data && accessTo(environment, data.accesses);
}

/** Whether the one who is signed in may do something: `const may = useMay(); may('configure')`. What one may not isn't offered. */
export function useMay(): (permission: Permission) => boolean {
  const access = useAccess();
  return (permission) => access?.permissions.includes(permission) ?? false;
}

/** Signs in with a key, beside the other environment's. Throws a `ProblemError`. */
export async function signIn(key: string): Promise<Access[]> {
  const { accesses } = await dataOf(api.POST('/session', { body: { key } }));
  actFor(undefined);
  queryClient.clear();
  queryClient.setQueryData(sessionKey, { accesses });
  return accesses;
}

/** Signs out of every environment. */
export async function signOut(): Promise<void> {
  await api.DELETE('/session');
  actFor(undefined);
  queryClient.clear();
  queryClient.setQueryData(sessionKey, { accesses: [] });
}
