import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import { CopyText } from '../show/copy-text.js';
import classes from './delivery.module.css';

/** Where a delivery goes and by which ids it is known. */
export function DeliveryFacts({ delivery }: { delivery: Schema<'DeliveryDetail'> }): ReactNode {
  const { id, webhookId, webhookName, subscriptionId, correlationId, workflowUrl, order } = delivery;
  const to = useLinks();
  return (
    <dl className={classes['facts']}>
      <dt>Webhook</dt>
      <dd>
        <Anchor component={Link} to={to('webhooks', webhookId)} size="sm">
          <bdi>{webhookName ?? webhookId}</bdi>
        </Anchor>
        {' · '}
        <Anchor component={Link} to={to('subscriptions', subscriptionId)} size="sm">
          its subscription
        </Anchor>
      </dd>
      <dt>Delivery id</dt>
      <dd>
        <CopyText text={id} what="Delivery id" />
      </dd>
      {correlationId === null ? null : (
        <>
          <dt>Correlation id</dt>
          <dd>
            <CopyText text={correlationId} what="Correlation id" />{' '}
            <Anchor
              component={Link}
              to={`${to('sent')}?correlationId=${encodeURIComponent(correlationId)}`}
              size="sm"
            >
              All of it
            </Anchor>
          </dd>
        </>
      )}
      {order === null ? null : (
        <>
          <dt>In order</dt>
          <dd>{order.key === null ? 'without a key' : <bdi>{order.key}</bdi>}</dd>
        </>
      )}
      {workflowUrl === null ? null : (
        <>
          <dt>Workflow</dt>
          <dd>
            <Anchor href={workflowUrl} target="_blank" rel="noreferrer" size="sm">
              Open in Temporal <IconExternalLink size={14} aria-hidden style={{ verticalAlign: '-2px' }} />
            </Anchor>
          </dd>
        </>
      )}
    </dl>
  );
}
