import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { SidePanel } from '../panel/side-panel.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { PublishForm } from './publish-form.js';

/** Publishes an event of the type that the address names. */
export function Component(): ReactNode {
  const { name = '' } = useParams();
  const to = useLinks();
  const { data, error } = useQuery({
    queryKey: keyOf('event-types', 'publish', name),
    queryFn: async ({ signal }) =>
      dataOf(api.GET('/v1/event-types/{name}', { params: { path: { name } }, signal })),
    staleTime: Infinity,
  });
  if (data) return <PublishForm key={name} type={data} />;
  return (
    <SidePanel title="Publish an event" closeTo={to('event-types', name)}>
      {error ? <ProblemNotice error={error} /> : null}
    </SidePanel>
  );
}
