import { Anchor, Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schema } from '../api/schemas.js';
import type { Column } from '../table/columns.js';
import { ActiveSwitch } from './active-switch.js';
import { titleOf, type Subscription } from './subscriptions.js';

const shownTypes = 2;

/** The columns of the subscriptions, with the webhooks that they lead to. */
export function subscriptionColumns(
  webhooks: ReadonlyMap<string, Schema<'Webhook'>>,
  to: (...segments: readonly string[]) => string,
): readonly Column<Subscription>[] {
  return [
    {
      id: 'name',
      title: 'Name',
      sortable: true,
      cell: (subscription) => (
        <Text
          span
          inherit
          truncate
          display="block"
          {...(subscription.name === null ? { c: 'dimmed' } : { fw: 600 })}
        >
          {titleOf(subscription)}
        </Text>
      ),
    },
    {
      id: 'eventTypes',
      title: 'Event types',
      width: 'minmax(0, 1.2fr)',
      cell: ({ eventTypes }) => <Names names={eventTypes} />,
    },
    {
      id: 'webhookId',
      title: 'Webhook',
      cell: ({ webhookId }) => (
        <Anchor
          component={Link}
          to={to('webhooks', webhookId)}
          inherit
          truncate
          display="block"
          onClick={(event) => event.stopPropagation()}
        >
          {webhooks.get(webhookId)?.name ?? webhookId}
        </Anchor>
      ),
    },
    {
      id: 'filter',
      title: 'Filter',
      wideOnly: true,
      cell: ({ filter }) =>
        filter === null ? (
          <Text span size="sm" c="dimmed">
            everything
          </Text>
        ) : (
          <Text span size="sm" ff="monospace" truncate display="block" title={JSON.stringify(filter)}>
            {JSON.stringify(filter)}
          </Text>
        ),
    },
    {
      id: 'active',
      title: 'Takes events',
      width: '110px',
      cell: (subscription) => <ActiveSwitch subscription={subscription} />,
    },
  ];
}

function Names({ names }: { names: readonly string[] }): ReactNode {
  return (
    <Group gap={6} title={names.join(', ')}>
      {names.slice(0, shownTypes).map((name) => (
        <Badge key={name} variant="default" radius="sm" tt="none" fw={500} maw="100%">
          {name}
        </Badge>
      ))}
      {names.length > shownTypes ? (
        <Text span size="sm" c="dimmed">
          +{names.length - shownTypes}
        </Text>
      ) : null}
    </Group>
  );
}
