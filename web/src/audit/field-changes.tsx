import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './field-changes.module.css';
import type { Entry } from './words.js';

/** Fields that are shown before one asks for all of them. */
const shownFields = 3;
/** Characters of a value that are, too. */
const shownCharacters = 80;

/** Each field that changed, what it was struck through, then what it is. What was made or deleted shows its one side. */
export function FieldChanges({
  changes,
  action,
  isOpen,
  onToggle,
}: {
  changes: Entry['changes'];
  action: Entry['action'];
  isOpen: boolean;
  onToggle: () => void;
}): ReactNode {
  const isLong =
    changes.length > shownFields ||
    changes.some(({ from, to }) => [from, to].some((each) => textOf(each, false).length > shownCharacters));
  const shown = isOpen ? changes : changes.slice(0, shownFields);
  return (
    <div className={classes['changes']}>
      {shown.map(({ field, from, to }) => (
        <div key={field} className={classes['change']}>
          <span className={classes['field']}>{field}</span>
          <span className={classes['values']} data-short={isOpen ? undefined : true}>
            {from === null && action !== 'deleted' && action === 'created' ? null : (
              <del className={classes['from']}>{textOf(from, isOpen)}</del>
            )}
            {action === 'created' || action === 'deleted' ? null : ' → '}
            {action === 'deleted' ? null : <ins className={classes['to']}>{textOf(to, isOpen)}</ins>}
          </span>
        </div>
      ))}
      {isLong ? (
        <Anchor component="button" type="button" size="sm" onClick={onToggle} aria-expanded={isOpen}>
          {isOpen
            ? 'Show less'
            : changes.length > shownFields
              ? `Show all ${changes.length} fields`
              : 'Show all'}
        </Anchor>
      ) : null}
    </div>
  );
}

function textOf(value: unknown, isPretty: boolean): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return value === '' ? '""' : value;
  return isPretty ? JSON.stringify(value, null, 2) : JSON.stringify(value);
}
