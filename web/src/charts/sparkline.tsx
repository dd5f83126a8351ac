import type { ReactNode } from 'react';
import classes from './sparkline.module.css';

/** One span of time: how many went well, and how many did not. */
export interface Bar {
  succeeded: number;
  failed: number;
}

const width = 96;
const height = 24;

/** Bars as small as a table's cell, the failed ones on top in red; `label` says in words what they show. */
export function Sparkline({ bars, label }: { bars: readonly Bar[]; label: string }): ReactNode {
  const highest = Math.max(1, ...bars.map(({ succeeded, failed }) => succeeded + failed));
  const step = width / Math.max(1, bars.length);
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      {bars.map(({ succeeded, failed }, index) => {
        const good = (succeeded / highest) * height;
        const bad = (failed / highest) * height;
        const column = { x: index * step, width: Math.max(1, step - 1) };
        return (
          // A bar is its place in time: nothing else tells it from the next.
          // oxlint-disable-next-line react/no-array-index-key
          <g key={index}>
            <rect {...column} y={height - 1} height={1} className={classes['ground']} />
            <rect {...column} y={height - good} height={good} className={classes['succeeded']} />
            <rect {...column} y={height - good - bad} height={bad} className={classes['failed']} />
          </g>
        );
      })}
    </svg>
  );
}
