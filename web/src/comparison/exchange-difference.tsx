import { Anchor, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import type { Schema } from '../api/schemas.js';
import { Duration } from '../show/quantities.js';
import { Time } from '../show/time.js';
import { BodyDifference } from './body-difference.js';
import classes from './comparison.module.css';
import { Facts, SideText, type Fact } from './facts.js';
import { headerRows } from './headers.js';

type Side = Schema<'ComparedAttempt'>;

/** Two exchanges side by side: what came of them, the requests, the responses. */
export function ExchangeDifference({
  success,
  failure,
  areAllShown,
}: {
  success: Side;
  failure: Side;
  areAllShown: boolean;
}): ReactNode {
  const left = success.attempt;
  const right = failure.attempt;
  const pick = (facts: readonly Fact[]): readonly Fact[] =>
    areAllShown ? facts : facts.filter(({ differs }) => differs);
  const requestHeaders = pick(headerFacts(left.request.headers, right.request.headers));
  const responseHeaders = pick(headerFacts(left.response?.headers ?? [], right.response?.headers ?? []));
  const target = pick([
    textFact('method', left.request.method, right.request.method),
    textFact('URL', left.request.url, right.request.url),
  ]);
  return (
    <>
      <Part title="What came of it">
        <Facts label="What came of it" facts={outcomeOf(success, failure)} />
      </Part>
      <Part title="Request">
        <Facts label="Request" facts={[...target, ...requestHeaders]} />
        {target.length + requestHeaders.length === 0 ? <Same what="method, URL and headers" /> : null}
        <BodyDifference
          label="Body of the request"
          left={left.request.body}
          right={right.request.body}
          areAllShown={areAllShown}
        />
      </Part>
      <Part title="Response">
        {right.response === null ? (
          <p className={classes['same']}>No response came: {right.errorMessage ?? right.errorCode}.</p>
        ) : (
          <>
            <Facts label="Response" facts={responseHeaders} />
            {responseHeaders.length === 0 ? <Same what="headers" /> : null}
            <BodyDifference
              label="Body of the response"
              left={left.response?.body ?? null}
              right={right.response.body}
              areAllShown={areAllShown}
            />
          </>
        )}
      </Part>
    </>
  );
}

function outcomeOf(success: Side, failure: Side): Fact[] {
  const status = ({ response, errorCode }: Side['attempt']): string =>
    response === null ? (errorCode ?? 'no response') : `HTTP ${response.status}`;
  return [
    textFact('status', status(success.attempt), status(failure.attempt)),
    {
      name: 'when',
      left: <Time at={success.attempt.startedAt} />,
      right: <Time at={failure.attempt.startedAt} />,
      differs: false,
    },
    {
      name: 'took',
      left: <Duration ms={success.attempt.durationMs} />,
      right: <Duration ms={failure.attempt.durationMs} />,
      differs: isAnotherSpeed(success.attempt.durationMs, failure.attempt.durationMs),
    },
    textFact('event type', success.delivery.eventType, failure.delivery.eventType),
    {
      name: 'attempt',
      left: <DeliveryLink side={success} />,
      right: <DeliveryLink side={failure} />,
      differs: false,
    },
  ];
}

/** Ten times as long or as short, and by more than a moment: the rest is chance. */
function isAnotherSpeed(left: number, right: number): boolean {
  const [quick, slow] = [Math.min(left, right), Math.max(left, right)];
  return slow > 10 * quick && slow - quick > 1_000;
}

function DeliveryLink({ side: { delivery, attempt } }: { side: Side }): ReactNode {
  const to = useLinks();
  return (
    <>
      {attempt.number} of{' '}
      <Anchor component={Link} to={to('sent', delivery.id)} inherit className={classes['mono'] ?? ''}>
        {delivery.id}
      </Anchor>
    </>
  );
}

function headerFacts(
  left: Parameters<typeof headerRows>[0],
  right: Parameters<typeof headerRows>[1],
): Fact[] {
  return headerRows(left, right).map((row) => ({
    name: row.name,
    left: <SideText text={row.left} />,
    right: <SideText text={row.right} />,
    differs: row.differs,
  }));
}

function textFact(name: string, left: string, right: string): Fact {
  return {
    name,
    left: <SideText text={left} />,
    right: <SideText text={right} />,
    differs: left !== right,
  };
}

function Part({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className={classes['part']} aria-label={title}>
      <Title order={2} fz={16}>
        {title}
      </Title>
      {children}
    </section>
  );
}

function Same({ what }: { what: string }): ReactNode {
  return <p className={classes['same']}>Same {what}.</p>;
}
