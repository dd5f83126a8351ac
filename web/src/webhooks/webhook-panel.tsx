import { Loader, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, revisionOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { SidePanel } from '../panel/side-panel.js';
import { CopyText } from '../show/copy-text.js';
import { JsonView } from '../show/json-view.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { StatusBadge } from '../show/status-badge.js';

/** One webhook. */
export function Component(): React.ReactNode {
  const { id = '' } = useParams();
  const to = useLinks();
  const { data, error } = useQuery({
    queryKey: keyOf('webhooks', 'one', id),
    queryFn: async ({ signal }) =>
      revisionOf(api.GET('/v1/webhooks/{id}', { params: { path: { id } }, signal })),
  });
  return (
    <SidePanel key={id} title={data?.data.name ?? 'Webhook'} closeTo={to('webhooks')}>
      {error ? <ProblemNotice error={error} /> : null}
      {!data && !error ? <Loader size="sm" /> : null}
      {data ? (
        <Stack gap="md" align="flex-start">
          <StatusBadge status={data.data.state} />
          <CopyText text={data.data.url} what="URL" />
          <JsonView value={data.data} label="Webhook" />
        </Stack>
      ) : null}
    </SidePanel>
  );
}
