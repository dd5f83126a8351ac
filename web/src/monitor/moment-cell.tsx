import type { ReactNode } from 'react';
import classes from './feed-table.module.css';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** A moment as many rows show it: local time, its day where it is not today's; the exact UTC on hover. */
export function MomentCell({ at }: { at: string }): ReactNode {
  return (
    <time dateTime={at} title={at} className={`${classes['small']} ${classes['faint']}`}>
      {spell(new Date(at))}
    </time>
  );
}

function spell(at: Date): string {
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? clock.format(at) : `${day.format(at)}, ${clock.format(at)}`;
}
