import { Text } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import { prettyJson } from '../message/pretty-json.js';
import { visibleText } from '../message/visible-text.js';
import classes from './comparison.module.css';
import { differingRows, lineRows } from './line-rows.js';

/** Two bodies side by side, line by line; JSON set apart for reading first. */
export function BodyDifference({
  label,
  left,
  right,
  areAllShown,
}: {
  label: string;
  left: string | null;
  right: string | null;
  areAllShown: boolean;
}): ReactNode {
  const rows = useMemo(() => lineRows(pretty(left), pretty(right)), [left, right]);
  const isSame = rows.every((row) => row.left === row.right);
  const shown = areAllShown ? rows : differingRows(rows);
  if (isSame && (!areAllShown || pretty(left) === '')) {
    return (
      <Text size="sm" c="dimmed">
        {pretty(left) === '' ? 'Neither has a body.' : 'The body is the same in both.'}
      </Text>
    );
  }
  return (
    <div role="table" aria-label={label} className={classes['body']} tabIndex={0}>
      {shown.map((row, index) =>
        'skipped' in row ? (
          // A line is its place: nothing else tells it from the next.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} role="row" className={classes['skipped']}>
            <div role="cell">
              {row.skipped} {row.skipped === 1 ? 'line' : 'lines'} the same
            </div>
          </div>
        ) : (
          // oxlint-disable-next-line react/no-array-index-key
          <div
            key={index}
            role="row"
            className={classes['line']}
            data-differs={row.left !== row.right || undefined}
          >
            <Line side="success" text={row.left} />
            <Line side="failure" text={row.right} />
          </div>
        ),
      )}
    </div>
  );
}

function Line({ side, text }: { side: 'success' | 'failure'; text: string | null }): ReactNode {
  return (
    <div role="cell" data-side={side} data-missing={text === null || undefined}>
      {text === null ? '' : visibleText(text)}
    </div>
  );
}

function pretty(body: string | null): string {
  return body === null ? '' : (prettyJson(body) ?? body);
}
