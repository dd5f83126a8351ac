import { Skeleton } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import type { TimeChartProps } from './time-chart.js';

const TimeChart = lazy(async () => import('./time-chart.js'));

/** Values over time, as areas or bars; the library is loaded when the first one is shown. */
export function Chart(props: TimeChartProps): ReactNode {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 260} />}>
      <TimeChart {...props} />
    </Suspense>
  );
}
