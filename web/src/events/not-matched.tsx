import { Anchor, Badge, Code, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import { visibleText } from '../message/visible-text.js';
import { useSubscriptionNames } from './subscription-names.js';
import classes from './event.module.css';

type NotMatched = Schema<'NotMatched'>;
type Rule = Schema<'FailedRule'>;

const heads: Readonly<Record<NotMatched['reason'], string>> = {
  subscription_off: 'The subscription is off',
  webhook_off: 'The webhook is off',
  filter: 'Its filter excludes this event',
  event_type: 'It is for other event types',
  made_later: 'It was made or changed later',
};

/** Reasons whose head says all. */
const saysAll = new Set<NotMatched['reason']>(['subscription_off', 'webhook_off']);

/** More than these are behind a click: there can be a thousand, most of them for other event types. */
const shown = 20;

/** Every subscription that did not get an event: why, and the link to where that is mended. */
export function NotMatchedList({
  eventId,
  type,
  list,
}: {
  eventId: string;
  type: string;
  list: readonly NotMatched[];
}): ReactNode {
  const near = list.filter(({ reason }) => reason !== 'event_type');
  const far = list.filter(({ reason }) => reason === 'event_type');
  return (
    <Stack gap="sm">
      {near.slice(0, shown).map((each) => (
        <Reason key={each.subscriptionId} eventId={eventId} of={each} />
      ))}
      {near.length > shown ? (
        <Text size="sm" c="dimmed">
          And {near.length - shown} more for {type}.
        </Text>
      ) : null}
      {far.length === 0 ? null : (
        <details className={classes['others']}>
          <summary>
            {far.length === 1 ? '1 subscription is' : `${far.length} subscriptions are`} for other event types
          </summary>
          <Stack gap="sm" mt="sm">
            {far.slice(0, shown).map((each) => (
              <Reason key={each.subscriptionId} eventId={eventId} of={each} />
            ))}
          </Stack>
        </details>
      )}
    </Stack>
  );
}

function Reason({ eventId, of }: { eventId: string; of: NotMatched }): ReactNode {
  const { subscriptionId, webhookId, reason, message, rules = [] } = of;
  const to = useLinks();
  const names = useSubscriptionNames();
  const { subscription, webhook } = names(subscriptionId, webhookId);
  const mend = {
    subscription_off: ['Switch the subscription on', to('subscriptions', subscriptionId)],
    webhook_off: ['Switch the webhook on', to('webhooks', webhookId)],
    filter: ['Change the filter', to('subscriptions', subscriptionId)],
    event_type: ['Add this event type to it', to('subscriptions', subscriptionId)],
    made_later: ['Open the subscription', to('subscriptions', subscriptionId)],
  }[reason] as [string, string];
  return (
    <div className={classes['reason']} data-event={eventId}>
      <Text size="sm" fw={600}>
        {heads[reason]}
      </Text>
      <Text size="sm" c="dimmed">
        <bdi>{subscription}</bdi>
        {subscription === webhook ? '' : ' to '}
        <bdi>{subscription === webhook ? '' : webhook}</bdi>
      </Text>
      {rules.length > 0 ? (
        <ul className={classes['rules']}>
          {rules.map((rule) => (
            <RuleLine key={`${rule.path} ${rule.operator} ${rule.message}`} rule={rule} />
          ))}
        </ul>
      ) : saysAll.has(reason) ? null : (
        <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
          {visibleText(message)}
        </Text>
      )}
      <Anchor component={Link} to={mend[1]} size="sm">
        {mend[0]}
      </Anchor>
    </div>
  );
}

/** A rule with the value that it met. */
function RuleLine({ rule }: { rule: Rule }): ReactNode {
  return (
    <li>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {visibleText(rule.message)}
      </Text>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        Rule{' '}
        <Code>
          {rule.path === '' ? '' : `${visibleText(rule.path)} `}
          {rule.operator} {textOf(rule.expected)}
        </Code>
        , the event has{' '}
        {'actual' in rule ? <Code>{textOf(rule.actual)}</Code> : <Badge variant="default">nothing</Badge>}
      </Text>
      {(rule.alternatives ?? []).length > 0 ? (
        <ul className={classes['rules']}>
          {(rule.alternatives ?? []).flat().map((inner) => (
            <RuleLine key={`${inner.path} ${inner.operator} ${inner.message}`} rule={inner} />
          ))}
        </ul>
      ) : null}
    </li>
  );
}

const longest = 200;

function textOf(value: unknown): string {
  const text = visibleText(JSON.stringify(value) ?? 'nothing');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
