import { Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { CopyText } from '../show/copy-text.js';
import { StatusBadge } from '../show/status-badge.js';
import type { Column } from '../table/columns.js';

/** More event types than these are counted. */
const shownTypes = 2;

/** The columns of the webhooks, with the event types that lead to each. */
export function webhookColumns(
  eventTypes: ReadonlyMap<string, readonly string[]>,
): readonly Column<Schema<'Webhook'>>[] {
  return [
    {
      id: 'name',
      title: 'Name',
      sortable: true,
      cell: ({ name }) => (
        <Text span inherit fw={600} truncate display="block">
          {name}
        </Text>
      ),
    },
    {
      id: 'url',
      title: 'Webhook URL',
      width: 'minmax(0, 1.5fr)',
      sortable: true,
      cell: ({ url }) => <CopyText text={url} what="URL" />,
    },
    {
      id: 'eventTypes',
      title: 'Event types',
      cell: ({ id }) => <EventTypes names={eventTypes.get(id) ?? []} />,
    },
    {
      id: 'state',
      title: 'State',
      width: '110px',
      sortable: true,
      cell: ({ state }) => <StatusBadge status={state} />,
    },
  ];
}

function EventTypes({ names }: { names: readonly string[] }): ReactNode {
  if (names.length === 0)
    return (
      <Text span size="sm" c="dimmed">
        none
      </Text>
    );
  return (
    <Group gap={6} wrap="wrap" title={names.join(', ')}>
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
