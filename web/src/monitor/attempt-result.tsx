import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { Duration } from '../show/quantities.js';
import classes from './feed-table.module.css';

/** What came of the newest attempt, in a few words: "HTTP 500 · 120ms", "timeout · 10s". */
export function AttemptResult({ of }: { of: Schema<'AttemptResult'> | null }): ReactNode {
  if (of === null) return <span className={classes['faint']}>no attempt yet</span>;
  const failed = of.errorCode !== null;
  return (
    <span className={classes['clip']} title={of.errorMessage ?? undefined}>
      <span className={failed ? classes['bad'] : undefined}>
        {of.status === null ? of.errorCode : `HTTP ${of.status}`}
      </span>
      <span className={classes['faint']}>
        {' · '}
        <Duration ms={of.durationMs} />
      </span>
    </span>
  );
}
