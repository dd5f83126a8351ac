import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { keyOf } from '../api/queries.js';
import { SidePanel } from '../panel/side-panel.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { readWebhook } from './read-webhook.js';
import { WebhookEditor } from './webhook-editor.js';

/** One webhook: its settings, its payload, and a test of it. */
export function Component(): React.ReactNode {
  const { id = '' } = useParams();
  return <WebhookPanel key={id} id={id} />;
}

function WebhookPanel({ id }: { id: string }): React.ReactNode {
  const to = useLinks();
  // Read anew each time that it is opened, and then not again: an answer must not change a form under one's hands.
  const { data, error, refetch } = useQuery({
    queryKey: keyOf('webhook', id),
    queryFn: async ({ signal }) => readWebhook(id, signal),
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  if (data) return <WebhookEditor first={data} />;
  return (
    <SidePanel title="Webhook" closeTo={to('webhooks')}>
      {error ? <ProblemNotice error={error} retry={() => void refetch()} /> : <Loader size="sm" />}
    </SidePanel>
  );
}
