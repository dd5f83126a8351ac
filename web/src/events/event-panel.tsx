import { Anchor, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import classes from '../deliveries/delivery.module.css';
import { JsonText } from '../message/json-text.js';
import { AttemptResult } from '../monitor/attempt-result.js';
import { SidePanel } from '../panel/side-panel.js';
import { CopyText } from '../show/copy-text.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { StatusBadge } from '../show/status-badge.js';
import { Time } from '../show/time.js';
import { NotMatchedList } from './not-matched.js';

type EventDetail = Schema<'EventDetail'>;

const changesMs = 1_000;

/** One event: its data, where it went, and why it went nowhere else. */
export function Component(): ReactNode {
  const { id = '' } = useParams();
  const to = useLinks();
  const { data, error, refetch } = useQuery({
    queryKey: keyOf('events', 'one', id),
    queryFn: async ({ signal }) => dataOf(api.GET('/v1/events/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.deliveries.some(({ endedAt }) => endedAt === null) === true ? changesMs : false,
  });
  return (
    <SidePanel key={id} title={data?.type ?? 'Event'} closeTo={to('events')}>
      {error && !data ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton height={120} aria-label="Loading" /> : null}
      {data ? (
        <Stack gap="xl">
          <Facts event={data} />
          <Deliveries event={data} />
          <NotSent event={data} />
          <section aria-label="Data">
            <Title order={3} fz={16} mb="xs">
              Data
            </Title>
            <JsonText text={JSON.stringify(data.data)} label="Data of the event" />
          </section>
        </Stack>
      ) : null}
    </SidePanel>
  );
}

function Facts({ event }: { event: EventDetail }): ReactNode {
  const to = useLinks();
  const { id, type, createdAt, occurredAt, idempotencyKey, correlationId } = event;
  return (
    <dl className={classes['facts']}>
      <dt>Event type</dt>
      <dd>
        <Anchor component={Link} to={to('event-types', type)} size="sm">
          <bdi>{type}</bdi>
        </Anchor>
      </dd>
      <dt>Event id</dt>
      <dd>
        <CopyText text={id} what="Event id" />
      </dd>
      <dt>Published</dt>
      <dd>
        <Time at={createdAt} />
      </dd>
      {occurredAt === createdAt ? null : (
        <>
          <dt>Occurred</dt>
          <dd>
            <Time at={occurredAt} />
          </dd>
        </>
      )}
      {idempotencyKey === null ? null : (
        <>
          <dt>Idempotency key</dt>
          <dd>
            <CopyText text={idempotencyKey} what="Idempotency key" />
          </dd>
        </>
      )}
      {correlationId === null ? null : (
        <>
          <dt>Correlation id</dt>
          <dd>
            <CopyText text={correlationId} what="Correlation id" />
          </dd>
        </>
      )}
    </dl>
  );
}

function Deliveries({ event: { deliveries } }: { event: EventDetail }): ReactNode {
  const to = useLinks();
  if (deliveries.length === 0) return null;
  return (
    <section aria-label="Deliveries">
      <Title order={3} fz={16} mb="xs">
        Deliveries
      </Title>
      <ul className={classes['chain']}>
        {deliveries.map(({ id, status, webhookName, webhookId, lastAttempt, resendOf }) => (
          <li key={id}>
            <Link to={to('sent', id)} className={classes['link']}>
              <StatusBadge status={status} />
              <bdi className={classes['wrap']}>{webhookName ?? webhookId}</bdi>
              {resendOf === null ? null : (
                <Text span size="sm" c="dimmed">
                  a resend
                </Text>
              )}
              <Text span size="sm" ml="auto" style={{ whiteSpace: 'nowrap' }}>
                <AttemptResult of={lastAttempt} />
              </Text>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Why was it not sent? */
function NotSent({ event: { id, type, deliveries, notMatched } }: { event: EventDetail }): ReactNode {
  const to = useLinks();
  if (notMatched.length === 0 && deliveries.length > 0) return null;
  return (
    <section aria-label="Why was it not sent?">
      <Title order={3} fz={16} mb="xs">
        {deliveries.length === 0 ? 'Why was it not sent?' : 'Why not to others?'}
      </Title>
      {notMatched.length === 0 ? (
        <Text size="sm">
          There is no subscription in this environment, so it had nowhere to go.{' '}
          <Anchor
            component={Link}
            size="sm"
            underline="always"
            to={`${to('subscriptions', 'new')}?eventType=${encodeURIComponent(type)}`}
          >
            Subscribe a webhook to {type}
          </Anchor>
        </Text>
      ) : (
        <>
          {deliveries.length === 0 && !notMatched.some(({ reason }) => reason !== 'event_type') ? (
            <Text size="sm" mb="sm">
              No subscription takes {type}.{' '}
              <Anchor
                component={Link}
                size="sm"
                underline="always"
                to={`${to('subscriptions', 'new')}?eventType=${encodeURIComponent(type)}`}
              >
                Subscribe a webhook to it
              </Anchor>
            </Text>
          ) : null}
          <NotMatchedList eventId={id} type={type} list={notMatched} />
        </>
      )}
    </section>
  );
}
