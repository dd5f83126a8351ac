import '@mantine/charts/styles.css';
import { AreaChart, BarChart } from '@mantine/charts';
import type { ReactNode } from 'react';

/** What a `Chart` takes. */
export interface TimeChartProps {
  /** What it shows, for who hears the page. */
  label: string;
  /** One entry a point in time: `at` is ISO 8601, the rest the values of the series. */
  data: readonly { at: string; [series: string]: string | number }[];
  series: readonly { name: string; label?: string; color: string }[];
  kind?: 'area' | 'bar';
  isStacked?: boolean;
  /** In px; default 260. */
  height?: number;
  format?: (value: number) => string;
}

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** The chart itself. */
export default function TimeChart({
  label,
  data,
  series,
  kind = 'area',
  isStacked = false,
  height = 260,
  format,
}: TimeChartProps): ReactNode {
  const shared = {
    h: height,
    data: data.map(({ at, ...values }) => ({ ...values, at: time.format(new Date(at)) })),
    dataKey: 'at',
    series: series.map((each) => ({ ...each })),
    withLegend: series.length > 1,
    tickLine: 'none' as const,
    ...(format ? { valueFormatter: format } : {}),
  };
  return (
    <figure aria-label={label} style={{ margin: 0 }}>
      {kind === 'bar' ? (
        <BarChart {...shared} type={isStacked ? 'stacked' : 'default'} />
      ) : (
        <AreaChart
          {...shared}
          type={isStacked ? 'stacked' : 'default'}
          curveType="monotone"
          withDots={false}
        />
      )}
    </figure>
  );
}
