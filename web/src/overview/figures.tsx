import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { Duration } from '../show/quantities.js';
import { countText, rateText } from './numbers.js';
import classes from './overview.module.css';
import { ranges, type Range } from './range.js';

/** The sums of a range of time. */
export function Figures({
  totals: { events, deliveries, attempts, successRate, latencyMs },
  range,
}: {
  totals: Schema<'Overview'>['totals'];
  range: Range;
}): ReactNode {
  return (
    <section aria-label={`The last ${ranges[range].label}`}>
      <dl className={classes['figures']}>
        <Figure label="Events">{countText(events)}</Figure>
        <Figure label="Delivered">{countText(deliveries.succeeded)}</Figure>
        <Figure label="Failed for good" isBad={deliveries.failed > 0}>
          {countText(deliveries.failed)}
        </Figure>
        <Figure label="Attempts that succeeded" note={`of ${countText(attempts.total)}`}>
          {successRate === null ? '–' : rateText(successRate)}
        </Figure>
        <Figure label="Latency, median" note={<Tail p95={latencyMs.p95} p99={latencyMs.p99} />}>
          {latencyMs.p50 === null ? '–' : <Duration ms={latencyMs.p50} />}
        </Figure>
      </dl>
    </section>
  );
}

function Figure({
  label,
  note,
  isBad = false,
  children,
}: {
  label: string;
  note?: ReactNode;
  isBad?: boolean;
  children: ReactNode;
}): ReactNode {
  return (
    <div className={classes['figure']}>
      <dt>{label}</dt>
      <dd data-bad={isBad || undefined}>
        {children}
        {note === undefined ? null : <span className={classes['note']}>{note}</span>}
      </dd>
    </div>
  );
}

function Tail({ p95, p99 }: { p95: number | null; p99: number | null }): ReactNode {
  if (p95 === null || p99 === null) return null;
  return (
    <>
      p95 <Duration ms={p95} /> · p99 <Duration ms={p99} />
    </>
  );
}
