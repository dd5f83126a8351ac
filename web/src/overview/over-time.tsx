import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { Chart } from '../charts/chart.js';
import { durationText } from '../show/quantities.js';
import { Card } from './card.js';
import { countText, rateText } from './numbers.js';
import classes from './overview.module.css';

const height = 200;

/** The colours of the series: told apart by lightness too, in light and dark. */
const colors = {
  blue: 'light-dark(#3b5bdb, #748ffc)',
  green: 'light-dark(#12a57c, #38d9a9)',
  red: 'light-dark(#e03131, #ff6b6b)',
  grey: 'light-dark(#868e96, #909296)',
  amber: 'light-dark(#e67700, #ffc078)',
};

/** Events, deliveries, success and latency over time. */
export function OverTime({
  data,
  interval,
}: {
  data: Schema<'Overview'>['data'];
  interval: 'hour' | 'day';
}): ReactNode {
  const shared = { height, span: interval };
  return (
    <div className={classes['charts']}>
      <Card title="Events published">
        <Chart
          {...shared}
          label="Events published over time"
          kind="bar"
          data={data.map(({ start, events }) => ({ at: start, events }))}
          series={[{ name: 'events', label: 'Events', color: colors.blue }]}
          format={countText}
        />
      </Card>
      <Card title="Deliveries that ended">
        <Chart
          {...shared}
          label="Deliveries that ended over time, by how"
          kind="bar"
          isStacked
          data={data.map(({ start, deliveries }) => ({ at: start, ...deliveries }))}
          series={[
            { name: 'succeeded', label: 'Succeeded', color: colors.green },
            { name: 'failed', label: 'Failed', color: colors.red },
            { name: 'cancelled', label: 'Cancelled', color: colors.grey },
          ]}
          format={countText}
        />
      </Card>
      <Card title="Attempts that succeeded">
        <Chart
          {...shared}
          label="Share of the attempts that succeeded over time"
          data={data.map(({ start, successRate }) => ({ at: start, rate: successRate }))}
          series={[{ name: 'rate', label: 'Succeeded', color: colors.green }]}
          format={rateText}
          domain={[0, 1]}
        />
      </Card>
      <Card title="Latency of attempts">
        <Chart
          {...shared}
          label="Latency of attempts over time"
          kind="line"
          data={data.map(({ start, latencyMs: { p50, p95, p99 } }) => ({ at: start, p50, p95, p99 }))}
          series={[
            { name: 'p50', label: 'median', color: colors.blue },
            { name: 'p95', label: 'p95', color: colors.amber },
            { name: 'p99', label: 'p99', color: colors.red },
          ]}
          format={durationText}
        />
      </Card>
    </div>
  );
}
