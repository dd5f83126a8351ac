import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { acting } from '../api/acting.js';
import { api, dataOf } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import { keyOf } from '../api/queries.js';
import { useAccess, useMay } from '../session/session.js';
import classes from './acting-for.module.css';

/** For a key that acts for any organization: the one that it acts for now, and the way to another. */
export function ActingFor(): ReactNode {
  const to = useLinks();
  const may = useMay();
  const access = useAccess();
  const { organizationId } = acting();
  const isShown = access?.organizationId === null && organizationId !== undefined;
  const { data } = useQuery({
    queryKey: keyOf('organizations', 'names'),
    queryFn: async ({ signal }) =>
      everyPage(async (cursor) =>
        dataOf(api.GET('/v1/organizations', { params: { query: { limit: 200, ...cursor } }, signal })),
      ),
    enabled: isShown && may('root'),
    staleTime: 60_000,
  });
  if (!isShown) return null;
  const name = data?.find(({ id }) => id === organizationId)?.name ?? organizationId;
  return (
    <Link to={to('organizations')} className={classes['organization']} title="Act in another organization">
      {name}
    </Link>
  );
}
