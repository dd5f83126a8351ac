import { Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { useEventTypes } from '../event-types/event-types.js';
import type { FilterRules } from '../filters/engine.js';
import { TryOut } from '../filters/try-out.js';
import { SidePanel } from '../panel/side-panel.js';
import { JsonView } from '../show/json-view.js';
import { StatusBadge } from '../show/status-badge.js';
import { titleOf, useWebhooks, type Subscription } from './subscriptions.js';

/** A subscription for those who may read it: what it takes, and its filter to be tried. */
export function SubscriptionView({ subscription }: { subscription: Subscription }): ReactNode {
  const to = useLinks();
  const webhooks = useWebhooks();
  const { rows } = useEventTypes();
  const { eventTypes, webhookId, filter, active } = subscription;
  return (
    <SidePanel title={titleOf(subscription)} closeTo={to('subscriptions')}>
      <Stack gap="md">
        <Group gap="sm">
          <StatusBadge status={active ? 'on' : 'off'} />
          <Text size="sm">
            to{' '}
            <Anchor component={Link} inherit to={to('webhooks', webhookId)}>
              {webhooks.get(webhookId)?.name ?? webhookId}
            </Anchor>
          </Text>
        </Group>
        <Group gap={6}>
          {eventTypes.map((name) => (
            <Badge key={name} variant="default" radius="sm" tt="none" fw={500}>
              {name}
            </Badge>
          ))}
        </Group>
        <Title order={3} fz={15}>
          Filter
        </Title>
        {filter === null ? (
          <Text size="sm">None: every event of these types goes.</Text>
        ) : (
          <JsonView value={filter} label="Filter" />
        )}
        <TryOut
          filter={{ rules: filter as FilterRules | null, fault: null }}
          types={rows.filter(({ name }) => eventTypes.includes(name))}
        />
      </Stack>
    </SidePanel>
  );
}
