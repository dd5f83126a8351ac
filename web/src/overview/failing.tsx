import { Anchor, Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import { hint } from '../show/hint.js';
import { Time } from '../show/time.js';
import { Card } from './card.js';
import { boundedText } from './numbers.js';
import classes from './overview.module.css';

type Webhook = Schema<'FailingWebhook'>;

/** More are shown when one asks for them. */
const shownFirst = 6;

/** The webhooks that fail now: since when, why, and how many deliveries wait for them. */
export function Failing({ webhooks }: { webhooks: readonly Webhook[] }): ReactNode {
  const [areAllShown, setAllShown] = useState(false);
  if (webhooks.length === 0) {
    return (
      <div className={classes['fine']}>
        <IconCircleCheck size={20} aria-hidden />
        No webhook is failing now.
      </div>
    );
  }
  return (
    <Card title="Failing now" note={<IconAlertTriangle size={18} aria-hidden className={classes['alarm']} />}>
      <ul className={classes['failing']}>
        {(areAllShown ? webhooks : webhooks.slice(0, shownFirst)).map((webhook) => (
          <FailingWebhook key={webhook.webhookId} webhook={webhook} />
        ))}
      </ul>
      {areAllShown || webhooks.length <= shownFirst ? null : (
        <Button variant="subtle" size="sm" onClick={() => setAllShown(true)}>
          Show all {webhooks.length}
        </Button>
      )}
    </Card>
  );
}

function FailingWebhook({ webhook }: { webhook: Webhook }): ReactNode {
  const to = useLinks();
  const { webhookId, name, url, failingSince, lastAttempt, waiting, waitingComplete } = webhook;
  return (
    <li>
      <div className={classes['who']}>
        <Anchor component={Link} to={to('webhooks', webhookId)} fw={600} c="var(--mantine-color-text)">
          {name}
        </Anchor>
        <Text size="sm" c="dimmed" truncate {...hint(url)}>
          {url}
        </Text>
      </div>
      <div>
        <Text size="sm" fw={600} className={classes['bad'] ?? ''}>
          {lastAttempt === null ? 'failing' : whatCame(lastAttempt)}
        </Text>
        <Text size="sm" c="dimmed">
          since <Time at={failingSince} relative />
        </Text>
      </div>
      <div>
        <Anchor component={Link} to={`${to('sent')}?webhookId=${webhookId}&status=waiting`} size="sm">
          {waiting === 0 ? 'nothing waits' : `${boundedText(waiting, waitingComplete)} waiting`}
        </Anchor>
      </div>
      <Anchor component={Link} to={to('webhooks', webhookId, 'comparison')} size="sm" fw={500}>
        What changed?
      </Anchor>
    </li>
  );
}

function whatCame({ status, errorCode, errorMessage }: NonNullable<Webhook['lastAttempt']>): string {
  if (status !== null) return `HTTP ${status}`;
  return errorMessage ?? errorCode ?? 'failing';
}
