import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import type { FeedLook } from '../monitor/feed-columns.js';
import classes from '../monitor/feed-table.module.css';
import { MomentCell } from '../monitor/moment-cell.js';
import { StatusBadge } from '../show/status-badge.js';

type EventRow = Schema<'EventRow'>;

/** The columns of events. */
export const eventLook: FeedLook<EventRow> = {
  wide: [
    { id: 'type', title: 'Event type', cell: ({ type }) => <bdi>{type}</bdi> },
    {
      id: 'deliveries',
      title: 'Deliveries',
      width: 'minmax(0, 1.1fr)',
      cell: ({ deliveries }) => <Counts counts={deliveries} />,
    },
    { id: 'correlationId', title: 'Correlation id', cell: ({ correlationId }) => <bdi>{correlationId}</bdi> },
    {
      id: 'idempotencyKey',
      title: 'Idempotency key',
      cell: ({ idempotencyKey }) => <bdi>{idempotencyKey}</bdi>,
    },
    {
      id: 'createdAt',
      title: 'Published',
      width: '136px',
      align: 'right',
      cell: ({ createdAt }) => <MomentCell at={createdAt} />,
    },
  ],
  narrow: [
    {
      id: 'type',
      title: 'Event',
      cell: ({ type, deliveries }) => (
        <div className={classes['lines']}>
          <bdi className={classes['clip']}>{type}</bdi>
          <Counts counts={deliveries} />
        </div>
      ),
    },
    {
      id: 'createdAt',
      title: 'Published',
      width: 'max-content',
      align: 'right',
      cell: ({ createdAt }) => <MomentCell at={createdAt} />,
    },
  ],
};

/** How many deliveries an event has, by status. */
function Counts({ counts }: { counts: Readonly<Record<string, number>> }): ReactNode {
  const held = Object.entries(counts).filter(([, count]) => count > 0);
  if (held.length === 0) return <span className={classes['faint']}>went nowhere</span>;
  return (
    <span className={classes['line']}>
      {held.map(([status, count]) => (
        <StatusBadge key={status} status={status} count={count} />
      ))}
    </span>
  );
}
