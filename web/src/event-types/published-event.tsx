import { Alert, Anchor, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCheck, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { SidePanel } from '../panel/side-panel.js';
import { CopyText } from '../show/copy-text.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { StatusBadge } from '../show/status-badge.js';

/** How often deliveries are looked at until all are over, in ms. */
const pollMs = 1_000;
const overStatuses = new Set(['succeeded', 'failed', 'cancelled']);

/** What became of an event that was published just now: its deliveries, and who did not get it and why. */
export function PublishedEvent({
  type,
  event,
  again,
}: {
  type: string;
  event: Schema<'PublishedEvent'>;
  again: () => void;
}): ReactNode {
  const to = useLinks();
  const { id } = event;
  const { data, error } = useQuery({
    queryKey: keyOf('events', 'one', id),
    queryFn: async ({ signal }) => dataOf(api.GET('/v1/events/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.deliveries.every(({ status }) => overStatuses.has(status)) === true ? false : pollMs,
  });
  return (
    <SidePanel
      title={`Published ${type}`}
      closeTo={to('event-types', type)}
      footer={
        <Group justify="flex-end">
          <Button variant="default" onClick={again}>
            Publish another
          </Button>
          <Button component={Link} to={to('events', id)}>
            Open the event
          </Button>
        </Group>
      }
    >
      <Stack gap="lg">
        {event.duplicate ? (
          <Alert
            color="blue"
            icon={<IconInfoCircle size={20} aria-hidden />}
            title={
              <Text span inherit c="var(--mantine-color-text)">
                It was published before
              </Text>
            }
          >
            Its idempotency key is known, with the same data: this is the first event, and nothing new is
            sent.
          </Alert>
        ) : (
          <Group gap="xs" role="status">
            <IconCheck size={20} aria-hidden color="var(--mantine-color-teal-7)" />
            <Text fw={600}>{published(event.deliveries.length)}</Text>
          </Group>
        )}
        <CopyText text={id} what="Event id" />
        {error ? <ProblemNotice error={error} /> : null}
        {data && data.deliveries.length > 0 ? <Deliveries deliveries={data.deliveries} /> : null}
        {data?.deliveries.length === 0 && data.notMatched.length === 0 ? (
          <Text>
            No subscription takes {type} yet.{' '}
            <Anchor
              component={Link}
              to={`${to('subscriptions', 'new')}?eventType=${encodeURIComponent(type)}`}
            >
              Subscribe a webhook
            </Anchor>{' '}
            to it.
          </Text>
        ) : null}
        {data && data.notMatched.length > 0 ? (
          <div>
            <Text fw={600} mb={6}>
              Did not get it
            </Text>
            <Stack gap={8}>
              {data.notMatched.map(({ subscriptionId, message }) => (
                <div key={subscriptionId}>
                  <Anchor component={Link} size="sm" to={to('subscriptions', subscriptionId)}>
                    {subscriptionId}
                  </Anchor>
                  <Text size="sm">{message}</Text>
                </div>
              ))}
            </Stack>
          </div>
        ) : null}
      </Stack>
    </SidePanel>
  );
}

function published(deliveries: number): string {
  if (deliveries === 0) return 'Published, and it goes to no webhook';
  return deliveries === 1 ? 'Published, with 1 delivery' : `Published, with ${deliveries} deliveries`;
}

function Deliveries({ deliveries }: { deliveries: readonly Schema<'Delivery'>[] }): ReactNode {
  const to = useLinks();
  return (
    <Table aria-label="Deliveries" verticalSpacing="xs" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Webhook</Table.Th>
          <Table.Th w={130}>Status</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {deliveries.map(({ id, webhookId, webhookName, status }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Anchor component={Link} to={to('sent', id)} size="sm">
                {webhookName ?? webhookId}
              </Anchor>
            </Table.Td>
            <Table.Td aria-live="polite">
              <StatusBadge status={status} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
