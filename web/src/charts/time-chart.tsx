import '@mantine/charts/styles.css';
import { AreaChart, BarChart, LineChart } from '@mantine/charts';
import { useMemo, type ReactNode } from 'react';

/** What a `Chart` takes. */
export interface TimeChartProps {
  /** What it shows, for who hears the page. */
  label: string;
  /** One entry a point in time: `at` is ISO 8601, the rest the values of the series; null where there is none. */
  data: readonly { at: string; [series: string]: string | number | null }[];
  series: readonly { name: string; label?: string; color: string }[];
  /** How far an entry is from the next; default: an hour. */
  span?: 'hour' | 'day';
  kind?: 'area' | 'bar' | 'line';
  isStacked?: boolean;
  /** In px; default 260. */
  height?: number;
  format?: (value: number) => string;
  /** The lowest and the highest value of the axis; default: as the values need. */
  domain?: readonly [number, number];
}

const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** Above so many entries by the hour, the axis tells days. */
const mostHours = 30;

/** The moment of an entry; nothing where the pointer is beside all of them. */
function textOf(at: unknown, format: Intl.DateTimeFormat): string {
  return typeof at === 'string' && at !== '' ? format.format(new Date(at)) : '';
}

/** The chart itself. */
export default function TimeChart({
  label,
  data,
  series,
  span = 'hour',
  kind = 'area',
  isStacked = false,
  height = 260,
  format,
  domain,
}: TimeChartProps): ReactNode {
  const tick = span === 'day' || data.length > mostHours ? day : hour;
  const title = span === 'day' ? whole : moment;
  const rows = useMemo(() => data.map((each) => ({ ...each })), [data]);
  const shared = {
    h: height,
    data: rows,
    dataKey: 'at',
    series: series.map((each) => ({ ...each })),
    withLegend: series.length > 1,
    legendProps: { verticalAlign: 'bottom' as const, height: 32 },
    tickLine: 'none' as const,
    tooltipProps: {
      isAnimationActive: false,
      labelFormatter: (at: unknown) => textOf(at, title),
    },
    xAxisProps: { tickFormatter: (at: string) => tick.format(new Date(at)), minTickGap: 28 },
    yAxisProps: {
      width: 54,
      allowDecimals: domain !== undefined,
      ...(domain ? { domain: [...domain] } : {}),
    },
    ...(format ? { valueFormatter: format } : {}),
  };
  const line = { curveType: 'linear' as const, withDots: false, connectNulls: false };
  return (
    <figure aria-label={label} style={{ margin: 0 }}>
      {kind === 'bar' ? (
        <BarChart
          {...shared}
          type={isStacked ? 'stacked' : 'default'}
          barProps={{ isAnimationActive: false }}
          maxBarWidth={28}
        />
      ) : null}
      {kind === 'area' ? (
        <AreaChart
          {...shared}
          {...line}
          type={isStacked ? 'stacked' : 'default'}
          areaProps={{ isAnimationActive: false }}
        />
      ) : null}
      {kind === 'line' ? <LineChart {...shared} {...line} lineProps={{ isAnimationActive: false }} /> : null}
    </figure>
  );
}
