import { Anchor, Text } from '@mantine/core';
import {
  IconBan,
  IconBolt,
  IconCheck,
  IconClock,
  IconLoader2,
  IconPlayerPause,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import { Time } from '../show/time.js';
import { AttemptView } from './attempt-view.js';
import { Countdown } from './countdown.js';
import { holdsBack } from './holds-back.js';
import classes from './delivery.module.css';

type Delivery = Schema<'DeliveryDetail'>;
type Tone = 'good' | 'bad' | 'wait' | 'busy' | 'plain';

/** A delivery from its event to its end, or to what comes next. */
export function Timeline({ delivery }: { delivery: Delivery }): ReactNode {
  const { eventId, eventType, createdAt, attempts, webhookId, resendOf } = delivery;
  const to = useLinks();
  return (
    <ol className={classes['timeline']} aria-label="Timeline">
      <Step icon={IconBolt} tone="plain">
        <Text size="sm">
          <Text span fw={600}>
            {resendOf === null ? 'Event' : 'Event, sent again'}
          </Text>{' '}
          <Anchor component={Link} to={to('events', eventId)} size="sm" underline="always">
            <bdi className={classes['wrap']}>{eventType}</bdi>
          </Anchor>{' '}
          <Text span size="sm" c="dimmed">
            · delivery made <Time at={createdAt} />
          </Text>
        </Text>
      </Step>
      {attempts.map((attempt, index) => (
        <Step
          key={attempt.number}
          icon={attempt.errorCode === null ? IconCheck : IconX}
          tone={attempt.errorCode === null ? 'good' : 'bad'}
        >
          <AttemptView
            attempt={attempt}
            webhookId={webhookId}
            initiallyOpen={index === attempts.length - 1}
          />
        </Step>
      ))}
      <Outcome delivery={delivery} />
    </ol>
  );
}

/** What comes next, or how it ended. */
function Outcome({ delivery }: { delivery: Delivery }): ReactNode {
  const { status, failureReason, nextAttemptAt, held, heldBy, endedAt, attemptCount, webhookId } = delivery;
  const waitsFor = delivery.order?.waitsFor ?? null;
  const to = useLinks();
  const ended = endedAt === null ? null : <Time at={endedAt} />;
  if (held) {
    return (
      <Step icon={IconPlayerPause} tone="wait">
        <b>Held</b>: its webhook is paused.{' '}
        <Anchor component={Link} to={to('webhooks', webhookId)} size="sm" underline="always">
          Resume the webhook
        </Anchor>{' '}
        and it goes on.
      </Step>
    );
  }
  if (status === 'succeeded') {
    return (
      <Step icon={IconCheck} tone="good">
        <b>Succeeded</b> {ended}
      </Step>
    );
  }
  if (status === 'cancelled') {
    return (
      <Step icon={IconBan} tone="plain">
        <b>Cancelled</b> {ended}
      </Step>
    );
  }
  if (status === 'failed') {
    return (
      <Step icon={IconX} tone="bad">
        <b>Failed for good</b>: {failureText(failureReason, attemptCount)} {ended}
      </Step>
    );
  }
  if (nextAttemptAt !== null) {
    return (
      <Step icon={IconClock} tone="wait">
        <b>Attempt {attemptCount + 1}</b>{' '}
        {heldBy === 'circuit' ? 'once a probe of its endpoint succeeds, at the latest ' : null}
        <Countdown to={nextAttemptAt} />
        {heldBy === null ? null : <>: {holdsBack[heldBy]}, and spends nothing of its schedule</>}
      </Step>
    );
  }
  if (waitsFor !== null) {
    return (
      <Step icon={IconClock} tone="wait">
        <b>Waits for its turn</b>: it leaves once{' '}
        <Anchor component={Link} to={to('sent', waitsFor)} size="sm" underline="always">
          the one before it
        </Anchor>{' '}
        is over.
      </Step>
    );
  }
  return (
    <Step icon={IconLoader2} tone="busy">
      <b>{status === 'delivering' ? 'On its way' : 'About to start'}</b>
    </Step>
  );
}

function failureText(reason: Delivery['failureReason'], attempts: number): string {
  switch (reason) {
    case 'rejected':
      return 'the receiver answered 400, which is never tried again.';
    case 'parked':
      return 'its attempt failed, and the webhook sets such ones aside. The next ones went on.';
    case 'skipped':
      return `${attempts} attempts failed, after which the webhook goes on with the next ones.`;
    default:
      return `all ${attempts} attempts of the schedule failed.`;
  }
}

function Step({ icon: Picture, tone, children }: { icon: Icon; tone: Tone; children: ReactNode }): ReactNode {
  return (
    <li className={classes['step']}>
      <span className={classes['dot']} data-tone={tone}>
        <Picture size={12} stroke={2.6} aria-hidden />
      </span>
      {children}
    </li>
  );
}
