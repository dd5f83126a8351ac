import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconFilter } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { useMay } from '../session/session.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { StatusBadge } from '../show/status-badge.js';
import { useEventTypes } from '../event-types/event-types.js';
import { EventTypeSelect } from './event-type-select.js';

/** The subscriptions that lead to a webhook, the oldest first. */
export function useSubscriptionsOf(webhookId: string): readonly Schema<'Subscription'>[] | undefined {
  const { data } = useQuery({
    queryKey: keyOf('subscriptions', 'of-webhook', webhookId),
    queryFn: async ({ signal }) => readSubscriptionsOf(webhookId, signal),
  });
  return data;
}

/** The same as they are now. */
export async function readSubscriptionsOf(
  webhookId: string,
  signal?: AbortSignal,
): Promise<readonly Schema<'Subscription'>[]> {
  return everyPage(async (cursor) =>
    dataOf(
      api.GET('/v1/subscriptions', {
        params: { query: { webhookId, sort: 'createdAt', limit: 200, ...cursor } },
        ...(signal ? { signal } : {}),
      }),
    ),
  );
}

/** Which events go to a webhook, and a quick way to add some. */
export function WebhookSubscriptions({ webhook }: { webhook: Schema<'Webhook'> }): ReactNode {
  const to = useLinks();
  const may = useMay();
  const subscriptions = useSubscriptionsOf(webhook.id);
  return (
    <Stack gap="sm">
      <Text size="sm" fw={600}>
        Events that go here
      </Text>
      {subscriptions?.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet: nothing is delivered here until it is subscribed to an event type.
        </Text>
      ) : null}
      {(subscriptions ?? []).map(({ id, name, eventTypes, filter, active }) => (
        <div key={id}>
          <Group gap="xs">
            <Anchor component={Link} to={to('subscriptions', id)} size="sm" fw={600}>
              {name ?? 'Subscription'}
            </Anchor>
            {active ? null : <StatusBadge status="off" />}
            {filter === null ? null : (
              <Group gap={3}>
                <IconFilter size={14} aria-hidden />
                <Text size="xs">filtered</Text>
              </Group>
            )}
          </Group>
          <Group gap={6} mt={4}>
            {eventTypes.map((type) => (
              <Badge key={type} variant="default" radius="sm" tt="none" fw={500} maw="100%">
                {type}
              </Badge>
            ))}
          </Group>
        </div>
      ))}
      {may('configure') ? <QuickAdd webhook={webhook} subscriptions={subscriptions ?? []} /> : null}
    </Stack>
  );
}

function QuickAdd({
  webhook,
  subscriptions,
}: {
  webhook: Schema<'Webhook'>;
  subscriptions: readonly Schema<'Subscription'>[];
}): ReactNode {
  const { rows: types } = useEventTypes();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<string[]>([]);
  const add = useMutation({
    mutationFn: async () =>
      dataOf(
        api.POST('/v1/subscriptions', {
          body: { name: webhook.name, eventTypes: chosen, webhookId: webhook.id },
        }),
      ),
    onSuccess: async () => {
      setChosen([]);
      await queries.invalidateQueries({ queryKey: keyOf('subscriptions') });
    },
  });
  const taken = new Set(subscriptions.flatMap(({ eventTypes }) => eventTypes));
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-start" wrap="nowrap">
        <EventTypeSelect
          flex={1}
          aria-label="Event types to add"
          placeholder={chosen.length === 0 ? 'Add event types' : ''}
          types={types.filter(({ name }) => !taken.has(name))}
          value={chosen}
          onChange={setChosen}
        />
        <Button
          variant="default"
          disabled={chosen.length === 0}
          loading={add.isPending}
          onClick={() => add.mutate()}
        >
          Subscribe
        </Button>
      </Group>
      {add.error ? <ProblemNotice error={add.error} /> : null}
    </Stack>
  );
}
