import { Badge } from '@mantine/core';
import {
  IconBan,
  IconCheck,
  IconClock,
  IconLoader2,
  IconPlayerPause,
  IconPower,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Look {
  color: string;
  icon: Icon;
}

/** The states of webhooks, deliveries, replays and attempts; what is not here is shown grey. */
const looks: Record<string, Look> = {
  active: { color: 'teal', icon: IconCheck },
  succeeded: { color: 'teal', icon: IconCheck },
  done: { color: 'teal', icon: IconCheck },
  on: { color: 'teal', icon: IconCheck },
  running: { color: 'blue', icon: IconLoader2 },
  delivering: { color: 'blue', icon: IconLoader2 },
  pending: { color: 'blue', icon: IconClock },
  waiting: { color: 'yellow', icon: IconClock },
  paused: { color: 'yellow', icon: IconPlayerPause },
  failed: { color: 'red', icon: IconX },
  rejected: { color: 'red', icon: IconX },
  exhausted: { color: 'red', icon: IconX },
  cancelled: { color: 'gray', icon: IconBan },
  off: { color: 'gray', icon: IconPower },
};

/** A state, told by its word, an icon and a colour. `status` is the API's own word; `count` says how many are in it. */
export function StatusBadge({ status, count }: { status: string; count?: number }): ReactNode {
  const { color, icon: Picture } = looks[status] ?? { color: 'gray', icon: IconClock };
  return (
    <Badge
      variant="light"
      radius="sm"
      tt="none"
      fw={600}
      leftSection={<Picture size={13} stroke={2.2} aria-hidden />}
      style={{
        '--badge-color': `light-dark(color-mix(in srgb, var(--mantine-color-${color}-9), #000 32%), var(--mantine-color-${color}-3))`,
        '--badge-bg': `light-dark(var(--mantine-color-${color}-0), color-mix(in srgb, var(--mantine-color-${color}-9) 35%, transparent))`,
        flex: 'none',
      }}
    >
      {count === undefined ? status : `${count} ${status}`}
    </Badge>
  );
}
