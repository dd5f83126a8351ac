import { Group, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { SidePanel } from '../panel/side-panel.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { StatusBadge } from '../show/status-badge.js';
import { DeliveryActions, deliveryKey } from './delivery-actions.js';
import { DeliveryFacts } from './delivery-facts.js';
import { ResendChain } from './resend-chain.js';
import { Timeline } from './timeline.js';

const changesMs = 1_000;

/** One delivery: what became of it, from its event to its end, and what can be done. It keeps up until it is over. */
export function Component(): React.ReactNode {
  const { id = '' } = useParams();
  const to = useLinks();
  const { data, error, refetch } = useQuery({
    queryKey: deliveryKey(id),
    queryFn: async ({ signal }) =>
      dataOf(api.GET('/v1/deliveries/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.endedAt === null ? changesMs : false),
  });
  return (
    <SidePanel key={id} title={data?.eventType ?? 'Delivery'} closeTo={to('sent')}>
      {error && !data ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {data ? (
        <Stack gap="lg">
          <Group justify="space-between">
            <StatusBadge status={data.status} />
            <DeliveryActions key={data.id} delivery={data} />
          </Group>
          <DeliveryFacts delivery={data} />
          <ResendChain delivery={data} />
          <Timeline delivery={data} />
        </Stack>
      ) : null}
      {!data && !error ? <Skeleton height={120} aria-label="Loading" /> : null}
    </SidePanel>
  );
}
