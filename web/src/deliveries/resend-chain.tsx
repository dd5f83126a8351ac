import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import { StatusBadge } from '../show/status-badge.js';
import { Time } from '../show/time.js';
import classes from './delivery.module.css';

/** The deliveries that repeat one another, the first one first; the present one is marked. */
export function ResendChain({ delivery }: { delivery: Schema<'DeliveryDetail'> }): ReactNode {
  const to = useLinks();
  const { search } = useLocation();
  if (delivery.resends.length === 0) return null;
  const { id, status, resendOf, createdAt } = delivery;
  const chain = [...delivery.resends, { id, status, resendOf, createdAt }].sort((one, other) =>
    one.createdAt < other.createdAt ? -1 : 1,
  );
  return (
    <section aria-label="Chain of resends">
      <Text fw={600} mb={4}>
        Chain of resends
      </Text>
      <ol className={classes['chain']}>
        {chain.map((each) => (
          <li key={each.id}>
            <Link
              to={to('sent', each.id) + search}
              className={classes['link']}
              {...(each.id === id ? { 'aria-current': 'true' as const } : {})}
            >
              <StatusBadge status={each.status} />
              <span>{each.resendOf === null ? 'First delivery' : 'Resend'}</span>
              <Text span size="sm" c="dimmed" ml="auto">
                <Time at={each.createdAt} />
              </Text>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
