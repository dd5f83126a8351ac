import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import { Time } from '../show/time.js';
import { Card } from './card.js';
import { boundedText } from './numbers.js';
import classes from './overview.module.css';

type Backlogs = Schema<'Overview'>['waiting'];

/** The states of what is not over, and what each means. */
const states: readonly { name: keyof Backlogs; label: string; means: string; status: string }[] = [
  { name: 'pending', label: 'Pending', means: 'written, about to start', status: 'pending' },
  { name: 'delivering', label: 'Delivering', means: 'a request is under way', status: 'delivering' },
  { name: 'waiting', label: 'Waiting', means: 'for the next attempt or their turn', status: 'waiting' },
  { name: 'held', label: 'Held', means: 'of these, by a paused webhook', status: 'waiting' },
];

/** The deliveries that are not over, now. */
export function Waiting({ waiting }: { waiting: Backlogs }): ReactNode {
  const to = useLinks();
  return (
    <Card title="On its way now">
      <dl className={classes['waiting']}>
        {states.map(({ name, label, means, status }) => {
          const { count, countComplete, oldest } = waiting[name];
          return (
            <div key={name}>
              <dt>{label}</dt>
              <dd>
                <Anchor
                  component={Link}
                  to={`${to('sent')}?status=${status}`}
                  className={classes['count'] ?? ''}
                  aria-label={`${boundedText(count, countComplete)} ${label.toLowerCase()}`}
                >
                  {boundedText(count, countComplete)}
                </Anchor>
                <span className={classes['note']}>
                  {oldest === null ? (
                    means
                  ) : (
                    <Anchor component={Link} to={to('sent', oldest.deliveryId)} inherit>
                      oldest <Time at={oldest.createdAt} relative />
                    </Anchor>
                  )}
                </span>
              </dd>
            </div>
          );
        })}
      </dl>
    </Card>
  );
}
