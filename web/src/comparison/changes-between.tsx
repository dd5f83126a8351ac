import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { visibleText } from '../message/visible-text.js';
import { Time } from '../show/time.js';
import classes from './comparison.module.css';

type Entry = Schema<'AuditEntry'>;

/** Who changed what between the last success and the first failure. */
export function ChangesBetween({ entries }: { entries: readonly Entry[] }): ReactNode {
  return (
    <section className={classes['part']} aria-label="Changed in between">
      <Title order={2} fz={16}>
        Changed in between
      </Title>
      {entries.length === 0 ? (
        <Text size="sm">
          Nobody changed the webhook, its subscriptions or its external system: what changed is at the
          receiver, or in the events.
        </Text>
      ) : (
        <ol className={classes['changes']}>
          {entries.map((entry) => (
            <Change key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Change({ entry }: { entry: Entry }): ReactNode {
  const { key, role, action, resource, resourceName, createdAt, changes } = entry;
  return (
    <li>
      <div>
        <Text span fw={600}>
          {visibleText(key?.name ?? 'Root key')}
        </Text>{' '}
        <Text span c="dimmed" size="sm">
          ({role})
        </Text>{' '}
        {action.replace('_', ' ')} the {resource.replace('_', ' ')} {visibleText(resourceName ?? '')}
        <Text span c="dimmed" size="sm">
          {' · '}
          <Time at={createdAt} />
        </Text>
      </div>
      <dl className={classes['fields']}>
        {changes.map(({ field, from, to }) => (
          <div key={field}>
            <dt>{visibleText(field)}</dt>
            <dd>
              <Value value={from} side="success" />
              <span aria-hidden> → </span>
              <Value value={to} side="failure" />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

function Value({ value, side }: { value: unknown; side: 'success' | 'failure' }): ReactNode {
  if (value === null) return <span className={classes['none']}>nothing</span>;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <span data-side={side} className={classes['value']}>
      {visibleText(text)}
    </span>
  );
}
