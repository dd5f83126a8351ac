import type { ReactNode } from 'react';
import { visibleText } from '../message/visible-text.js';
import classes from './comparison.module.css';

/** One fact of both sides. */
export interface Fact {
  name: string;
  left: ReactNode;
  right: ReactNode;
  differs: boolean;
}

/** Facts of both sides beside each other, those that differ marked; on a phone one side above the other. */
export function Facts({ label, facts }: { label: string; facts: readonly Fact[] }): ReactNode {
  return (
    <div role="table" aria-label={label} className={classes['facts']}>
      <div role="row" className={classes['titles']}>
        <div role="columnheader">Name</div>
        <div role="columnheader">Last success</div>
        <div role="columnheader">First failure</div>
      </div>
      {facts.map(({ name, left, right, differs }) => (
        <div key={name} role="row" className={classes['fact']} data-differs={differs || undefined}>
          <div role="rowheader">{visibleText(name)}</div>
          <div role="cell" data-side="success">
            {left}
          </div>
          <div role="cell" data-side="failure">
            {right}
          </div>
        </div>
      ))}
    </div>
  );
}

/** Text of a side; that there is none is said. */
export function SideText({ text }: { text: string | null }): ReactNode {
  return text === null ? (
    <span className={classes['none']}>not there</span>
  ) : (
    <span className={classes['mono']}>{visibleText(text)}</span>
  );
}
