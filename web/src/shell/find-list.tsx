import type { Icon } from '@tabler/icons-react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Environment } from '../api/acting.js';
import { visibleText } from '../message/visible-text.js';
import classes from './find.module.css';

/** One line of what a text leads to. */
export interface Entry {
  key: string;
  group: string;
  environment: Environment;
  icon: Icon;
  title: string;
  address: string;
  kind?: string;
  detail?: string;
  match?: string;
}

/** The entries in their groups; the field above it keeps the focus, and says which one is `present`. */
export function FindList({
  id,
  entries,
  present,
  onChoose,
  onOpen,
}: {
  id: string;
  entries: readonly Entry[];
  present: Entry | undefined;
  onChoose: (entry: Entry) => void;
  onOpen: (entry: Entry) => void;
}): ReactNode {
  const shown = useRef<HTMLDivElement>(null);
  const key = present?.key;
  useEffect(() => {
    if (key !== undefined)
      shown.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [key]);
  const groups = [...new Set(entries.map(({ group }) => group))];
  return (
    <div id={id} ref={shown} role="listbox" aria-label="What it leads to" className={classes['list']}>
      {groups.map((group) => (
        <div key={group} role="group" aria-label={group}>
          <div
            className={classes['group']}
            aria-hidden
            data-production={group === 'In production' || undefined}
          >
            {group}
          </div>
          {entries
            .filter((entry) => entry.group === group)
            .map((entry) => (
              // The field above answers to the keys.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
              <div
                key={entry.key}
                id={`${id}-${entry.key}`}
                role="option"
                aria-selected={entry === present}
                className={classes['entry']}
                onMouseMove={() => onChoose(entry)}
                onClick={() => onOpen(entry)}
              >
                <entry.icon size={18} stroke={1.7} aria-hidden />
                <div className={classes['about']}>
                  <div className={classes['title']}>{visibleText(entry.title)}</div>
                  {entry.detail === undefined ? null : (
                    <div className={classes['detail']}>{detailOf(entry.detail)}</div>
                  )}
                </div>
                {entry.kind === undefined ? null : (
                  <div className={classes['how']}>
                    {entry.kind}
                    <div className={classes['detail']}>{entry.match}</div>
                  </div>
                )}
              </div>
            ))}
        </div>
      ))}
    </div>
  );
}

const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A moment is told in local time, like everywhere; what else there is as it is. */
function detailOf(detail: string): string {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(detail) ? local.format(new Date(detail)) : visibleText(detail);
}
