import type { ReactNode } from 'react';
import classes from './json-view.module.css';

/** JSON, pretty; as text alone, whatever is in it. Text is shown as it is unless it can be parsed. */
export function JsonView({ value, label = 'JSON' }: { value: unknown; label?: string }): ReactNode {
  return (
    <pre className={classes['text']} tabIndex={0} role="region" aria-label={label}>
      {prettyOf(value)}
    </pre>
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
