import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { Countdown } from '../deliveries/countdown.js';
import { StatusBadge } from '../show/status-badge.js';
import { AttemptResult } from './attempt-result.js';
import type { FeedLook } from './feed-columns.js';
import classes from './feed-table.module.css';
import { MomentCell } from './moment-cell.js';

type Delivery = Schema<'Delivery'>;

/** The columns of deliveries. */
export const sentLook: FeedLook<Delivery> = {
  wide: [
    { id: 'status', title: 'Status', width: '128px', cell: ({ status }) => <StatusBadge status={status} /> },
    { id: 'eventType', title: 'Event type', cell: (row) => <EventType of={row} /> },
    {
      id: 'webhook',
      title: 'Webhook',
      cell: ({ webhookName, webhookId }) => <bdi>{webhookName ?? webhookId}</bdi>,
    },
    {
      id: 'result',
      title: 'Last attempt',
      width: 'minmax(0, 0.8fr)',
      cell: ({ lastAttempt }) => <AttemptResult of={lastAttempt} />,
    },
    { id: 'attempts', title: 'Attempts', width: '72px', align: 'right', cell: (row) => row.attemptCount },
    { id: 'next', title: 'Next attempt', width: '172px', cell: (row) => <Next of={row} /> },
    {
      id: 'createdAt',
      title: 'Made',
      width: '136px',
      align: 'right',
      cell: ({ createdAt }) => <MomentCell at={createdAt} />,
    },
  ],
  narrow: [
    {
      id: 'delivery',
      title: 'Delivery',
      cell: (row) => (
        <div className={classes['lines']}>
          <div className={classes['line']}>
            <StatusBadge status={row.status} />
            <EventType of={row} />
          </div>
          <div className={`${classes['line']} ${classes['small']}`}>
            <bdi className={`${classes['clip']} ${classes['faint']}`}>{row.webhookName ?? row.webhookId}</bdi>
            <AttemptResult of={row.lastAttempt} />
          </div>
        </div>
      ),
    },
    {
      id: 'createdAt',
      title: 'Made',
      width: 'max-content',
      align: 'right',
      cell: (row) => (
        <div className={classes['lines']}>
          <MomentCell at={row.createdAt} />
          <span className={classes['small']}>
            <Next of={row} />
          </span>
        </div>
      ),
    },
  ],
};

/** What is called when somebody hears the page. */
export function deliveryName({ eventType, status, webhookName }: Delivery): string {
  return `${status} delivery of ${eventType} to ${webhookName ?? 'a webhook that is gone'}`;
}

function EventType({ of: { eventType, resendOf } }: { of: Delivery }): ReactNode {
  return (
    <span className={classes['clip']}>
      <bdi>{eventType}</bdi>
      {resendOf === null ? null : (
        <span className={`${classes['faint']} ${classes['small']}`}> · resend</span>
      )}
    </span>
  );
}

function Next({ of: { status, held, heldBy, nextAttemptAt } }: { of: Delivery }): ReactNode {
  if (held) return <span className={classes['faint']}>held by a pause</span>;
  if (heldBy === 'circuit') return <span className={classes['faint']}>once its endpoint recovers</span>;
  // Only what is in order waits without a time.
  if (nextAttemptAt === null)
    return status === 'waiting' ? <span className={classes['faint']}>its turn</span> : null;
  return (
    <>
      <Countdown to={nextAttemptAt} />
      {heldBy === null ? null : <span className={classes['faint']}> · {heldBy.replace('_', ' ')}</span>}
    </>
  );
}
