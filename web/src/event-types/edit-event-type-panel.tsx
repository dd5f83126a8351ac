import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, ifMatch, revisionOf } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import { SidePanel } from '../panel/side-panel.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { EventTypeForm } from './event-type-form.js';

/** An event type to be changed; what somebody else has changed meanwhile is not written over. */
export function Component(): ReactNode {
  const { name = '' } = useParams();
  const to = useLinks();
  const { data, error } = useQuery({
    queryKey: keyOf('event-types', 'edit', name),
    queryFn: async ({ signal }) =>
      revisionOf(api.GET('/v1/event-types/{name}', { params: { path: { name } }, signal })),
    staleTime: Infinity,
    gcTime: 0,
  });
  if (!data) {
    return (
      <SidePanel title={name} closeTo={to('event-types', name)}>
        {error ? <ProblemNotice error={error} /> : null}
      </SidePanel>
    );
  }
  return (
    <EventTypeForm
      key={name}
      title={`Edit ${name}`}
      type={data.data}
      closeTo={to('event-types', name)}
      doneAt={() => to('event-types', name)}
      save={async (_name, changes) => {
        await api.PATCH('/v1/event-types/{name}', {
          params: { path: { name } },
          headers: ifMatch(data.etag),
          body: changes,
        });
        await queryClient.invalidateQueries({ queryKey: keyOf('event-types') });
      }}
    />
  );
}
