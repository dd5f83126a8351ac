import { Anchor, Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schema } from '../api/schemas.js';
import { describeFilter } from '../filters/describe.js';
import type { FilterRules } from '../filters/engine.js';
import type { Column } from '../table/columns.js';
import { ActiveSwitch } from './active-switch.js';
import { titleOf, type Subscription } from './subscriptions.js';

const shownTypes = 2;

/** The columns of the subscriptions, with the webhooks that they lead to; `isNarrow` beside a panel. */
export function subscriptionColumns({
  webhooks,
  to,
  isNarrow,
}: {
  webhooks: ReadonlyMap<string, Schema<'Webhook'>>;
  to: (...segments: readonly string[]) => string;
  isNarrow: boolean;
}): readonly Column<Subscription>[] {
  const columns: readonly Column<Subscription>[] = [
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
          <Text span size="sm" lineClamp={2} title={JSON.stringify(filter)}>
            {describeFilter(filter as FilterRules)}
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
  return isNarrow ? columns.filter(({ id }) => id !== 'filter') : columns;
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
