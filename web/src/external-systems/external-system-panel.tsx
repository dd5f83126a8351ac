import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, revisionOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { SidePanel } from '../panel/side-panel.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { ExternalSystemEditor } from './external-system-editor.js';

/** One external system: its settings, whether its credential works, and the webhooks that use it. */
export function Component(): ReactNode {
  const { id = '' } = useParams();
  const to = useLinks();
  const { data, error, refetch } = useQuery({
    queryKey: keyOf('external-system', id),
    queryFn: async ({ signal }) =>
      revisionOf(api.GET('/v1/external-systems/{id}', { params: { path: { id } }, signal })),
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (data) return <ExternalSystemEditor key={data.etag} base={data} onStale={() => void refetch()} />;
  return (
    <SidePanel key={id} title="External system" closeTo={to('external-systems')}>
      {error ? <ProblemNotice error={error} retry={() => void refetch()} /> : <Loader size="sm" />}
    </SidePanel>
  );
}
