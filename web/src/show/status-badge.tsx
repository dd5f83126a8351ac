import {
  IconBan,
  IconCheck,
  IconClock,
  IconLoader2,
  IconPlayerPause,
  IconPower,
  IconShieldCheck,
  IconShieldX,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './status-badge.module.css';

interface Look {
  color: string;
  icon: Icon;
}

/** The states of webhooks, deliveries, replays, attempts and what was received; what is not here is shown grey. */
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
  down: { color: 'red', icon: IconX },
  rejected: { color: 'red', icon: IconX },
  exhausted: { color: 'red', icon: IconX },
  cancelled: { color: 'gray', icon: IconBan },
  off: { color: 'gray', icon: IconPower },
  verified: { color: 'teal', icon: IconShieldCheck },
  'not verified': { color: 'red', icon: IconShieldX },
};

/** A state, told by its word, an icon and a colour. `status` is the API's own word; `count` says how many are in it. */
export function StatusBadge({ status, count }: { status: string; count?: number }): ReactNode {
  const { color, icon: Picture } = looks[status] ?? { color: 'gray', icon: IconClock };
  return (
    <span className={classes['badge']} data-tone={color}>
      <Picture size={13} stroke={2.2} aria-hidden />
      {count === undefined ? status : `${count} ${status}`}
    </span>
  );
}
