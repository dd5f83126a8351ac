import { Alert, Anchor, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import classes from '../deliveries/delivery.module.css';
import { HttpMessage } from '../message/http-message.js';
import { visibleText } from '../message/visible-text.js';
import { SidePanel } from '../panel/side-panel.js';
import { CopyText } from '../show/copy-text.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Bytes } from '../show/quantities.js';
import { Time } from '../show/time.js';
import { Verified } from './received-look.js';

type Received = Schema<'Received'>;

/** One request that arrived at a source, as it was. */
export function Component(): ReactNode {
  const { id = '' } = useParams();
  const to = useLinks();
  const { data, error, refetch } = useQuery({
    queryKey: keyOf('received', 'one', id),
    queryFn: async ({ signal }) => dataOf(api.GET('/v1/received/{id}', { params: { path: { id } }, signal })),
  });
  const title = data ? `${data.method} to ${data.sourceName ?? 'a source'}` : 'Received';
  return (
    <SidePanel key={id} title={title} closeTo={to('received')}>
      {error && !data ? <ProblemNotice error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Skeleton height={120} aria-label="Loading" /> : null}
      {data ? (
        <Stack gap="lg">
          <Group justify="space-between">
            <Verified is={data.verified} />
            <Text size="sm" c="dimmed">
              <Time at={data.receivedAt} />
            </Text>
          </Group>
          {data.verified ? null : (
            <Alert color="red" title="It does not prove who sent it">
              The header or the signature that the source asks for is missing or wrong, so it was answered{' '}
              {data.responseStatus}.{' '}
              <Anchor component={Link} to={to('sources', data.sourceId)} size="sm" underline="always">
                Check the secret of the source
              </Anchor>
            </Alert>
          )}
          <Facts received={data} />
          <Query query={data.query} />
          <HttpMessage
            label="Request"
            start={`${data.method}, body of ${data.bodySize.toLocaleString()} bytes`}
            headers={data.headers}
            body={data.body}
            note={
              <>
                {data.bodyEncoding === 'base64' ? (
                  <Text size="sm" c="dimmed">
                    The body is not text: this is its base64.
                  </Text>
                ) : null}
                {data.truncated ? (
                  <Text size="sm" className={classes['cut'] ?? ''}>
                    Cut here: <Bytes count={data.bodySize} /> arrived.
                  </Text>
                ) : null}
              </>
            }
          />
        </Stack>
      ) : null}
    </SidePanel>
  );
}

function Facts({ received }: { received: Received }): ReactNode {
  const to = useLinks();
  const { id, sourceId, sourceName, responseStatus, deliveryId, eventId } = received;
  return (
    <dl className={classes['facts']}>
      <dt>Source</dt>
      <dd>
        <Anchor component={Link} to={to('sources', sourceId)} size="sm">
          <bdi>{sourceName ?? sourceId}</bdi>
        </Anchor>
      </dd>
      <dt>Answered</dt>
      <dd>HTTP {responseStatus}</dd>
      {deliveryId === null ? null : (
        <>
          <dt>About</dt>
          <dd>
            <Anchor component={Link} to={to('sent', deliveryId)} size="sm">
              the delivery {deliveryId}
            </Anchor>
          </dd>
        </>
      )}
      {eventId === null ? null : (
        <>
          <dt>{deliveryId === null ? 'About' : 'of'}</dt>
          <dd>
            <Anchor component={Link} to={to('events', eventId)} size="sm">
              the event {eventId}
            </Anchor>
          </dd>
        </>
      )}
      <dt>Id</dt>
      <dd>
        <CopyText text={id} what="Id" />
      </dd>
    </dl>
  );
}

function Query({ query }: { query: Received['query'] }): ReactNode {
  const values = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => ({ name, value: each })),
  );
  if (values.length === 0) return null;
  return (
    <section aria-label="Query">
      <Text fw={600} size="sm" mb={4}>
        Query
      </Text>
      <dl className={classes['facts']}>
        {values.map(({ name, value }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a name may be there twice
          <div key={`${name} ${index}`} style={{ display: 'contents' }}>
            <dt>{visibleText(name)}</dt>
            <dd>{visibleText(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
