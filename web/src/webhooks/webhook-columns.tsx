import { Badge, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { Sparkline, type Bar } from '../charts/sparkline.js';
import { CopyText } from '../show/copy-text.js';
import { hint } from '../show/hint.js';
import { StatusBadge } from '../show/status-badge.js';
import type { Column } from '../table/columns.js';

/** More event types than these are counted. */
const shownTypes = 2;

const count = new Intl.NumberFormat();

/** The columns of the webhooks, with the event types that lead to each and how it did of late; `isNarrow` beside a panel. */
export function webhookColumns({
  eventTypes,
  health,
  isNarrow,
}: {
  eventTypes: ReadonlyMap<string, readonly string[]>;
  health: ReadonlyMap<string, readonly Bar[]>;
  isNarrow: boolean;
}): readonly Column<Schema<'Webhook'>>[] {
  const all: readonly Column<Schema<'Webhook'>>[] = [
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
      cell: (webhook) => <State of={webhook} />,
    },
    {
      id: 'health',
      title: 'Last 24 hours',
      width: '108px',
      cell: ({ id }) => <Health bars={health.get(id)} />,
    },
  ];
  return isNarrow ? all.filter(({ id }) => ['name', 'url', 'state'].includes(id)) : all;
}

/** Its state; where it is active and its endpoint is down, that. */
function State({ of: { state, circuit, pausedReason } }: { of: Schema<'Webhook'> }): ReactNode {
  if (state === 'active' && circuit?.state === 'open') {
    return (
      <span {...hint('Its endpoint is down: deliveries are held back, and go on by themselves')}>
        <StatusBadge status="down" />
      </span>
    );
  }
  const isOwnPause = pausedReason === 'failing' || pausedReason === 'gone';
  if (!isOwnPause) return <StatusBadge status={state} />;
  return (
    <span {...hint('Paused by Postrider: it did nothing but fail; its deliveries are held')}>
      <StatusBadge status={state} />
    </span>
  );
}

function Health({ bars }: { bars: readonly Bar[] | undefined }): ReactNode {
  if (!bars) return null;
  const succeeded = bars.reduce((sum, bar) => sum + bar.succeeded, 0);
  const failed = bars.reduce((sum, bar) => sum + bar.failed, 0);
  const label =
    succeeded + failed === 0
      ? 'No attempts in the last 24 hours'
      : `Attempts of the last 24 hours: ${count.format(succeeded)} succeeded, ${count.format(failed)} failed`;
  return (
    <span style={{ display: 'inline-block', lineHeight: 0 }} {...hint(label)}>
      <Sparkline bars={bars} label={label} />
    </span>
  );
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
