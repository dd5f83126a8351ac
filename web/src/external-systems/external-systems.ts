import { useQuery } from '@tanstack/react-query';
import { api, dataOf } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';

export type ExternalSystem = Schema<'ExternalSystem'>;

/** The external systems of the environment, by name. */
export function useExternalSystems(): readonly ExternalSystem[] {
  const { data } = useQuery({
    queryKey: keyOf('external-systems', 'all'),
    queryFn: async ({ signal }) =>
      everyPage(async (cursor) =>
        dataOf(
          api.GET('/v1/external-systems', {
            params: { query: { sort: 'name', limit: 200, ...cursor } },
            signal,
          }),
        ),
      ),
  });
  return data ?? [];
}
