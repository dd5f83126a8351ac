import { ScrollArea } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './json-view.module.css';

/** JSON, pretty; as text alone, whatever is in it. Text is shown as it is unless it can be parsed. */
export function JsonView({ value, label = 'JSON' }: { value: unknown; label?: string }): ReactNode {
  return (
    <ScrollArea.Autosize
      mah={420}
      className={classes['frame'] ?? ''}
      viewportProps={{ tabIndex: 0, 'aria-label': label, role: 'region' }}
    >
      <pre className={classes['text']}>{prettyOf(value)}</pre>
    </ScrollArea.Autosize>
  );
}

function prettyOf(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
