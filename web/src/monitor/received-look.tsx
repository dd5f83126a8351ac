import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { visibleText } from '../message/visible-text.js';
import { StatusBadge } from '../show/status-badge.js';
import type { FeedLook } from './feed-columns.js';
import classes from './feed-table.module.css';
import { MomentCell } from './moment-cell.js';

type Received = Schema<'Received'>;

/** The columns of what was received. */
export const receivedLook: FeedLook<Received> = {
  wide: [
    { id: 'verified', title: 'Verified', width: '130px', cell: (row) => <Verified is={row.verified} /> },
    { id: 'method', title: 'Method', width: '84px', cell: ({ method }) => method },
    {
      id: 'source',
      title: 'Source',
      cell: ({ sourceName, sourceId }) => <bdi>{sourceName ?? sourceId}</bdi>,
    },
    {
      id: 'body',
      title: 'Body',
      width: 'minmax(0, 2fr)',
      cell: (row) => <Beginning of={row} />,
    },
    { id: 'answer', title: 'Answered', width: '84px', cell: ({ responseStatus }) => responseStatus },
    {
      id: 'receivedAt',
      title: 'Arrived',
      width: '136px',
      align: 'right',
      cell: ({ receivedAt }) => <MomentCell at={receivedAt} />,
    },
  ],
  narrow: [
    {
      id: 'request',
      title: 'Request',
      cell: (row) => (
        <div className={classes['lines']}>
          <div className={classes['line']}>
            <Verified is={row.verified} />
            <span>{row.method}</span>
            <bdi className={classes['clip']}>{row.sourceName ?? row.sourceId}</bdi>
          </div>
          <Beginning of={row} />
        </div>
      ),
    },
    {
      id: 'receivedAt',
      title: 'Arrived',
      width: 'max-content',
      align: 'right',
      cell: ({ receivedAt }) => <MomentCell at={receivedAt} />,
    },
  ],
};

/** Whether a request has passed its source's verification. */
export function Verified({ is }: { is: boolean }): ReactNode {
  return <StatusBadge status={is ? 'verified' : 'not verified'} />;
}

const shownCharacters = 160;

function Beginning({ of: { body, bodyEncoding, bodySize } }: { of: Received }): ReactNode {
  if (bodySize === 0) return <span className={classes['faint']}>no body</span>;
  if (bodyEncoding === 'base64') return <span className={classes['faint']}>{bodySize} bytes, not text</span>;
  return (
    <bdi className={`${classes['clip']} ${classes['faint']} ${classes['small']}`}>
      {visibleText(body.slice(0, shownCharacters).replaceAll(/\s+/g, ' '))}
    </bdi>
  );
}
