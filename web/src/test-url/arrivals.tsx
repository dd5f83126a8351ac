import { Accordion, Badge, Button, Code, Group, Loader, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { CopyButtonFor } from '../message/copy-button-for.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Bytes } from '../show/quantities.js';
import { Time } from '../show/time.js';
import { Arrival } from './arrival.js';
import classes from './test-url.module.css';

const pollMs = 1_000;
const shown = 50;

/** The newest requests that a test URL has had, each a line that opens; new ones come by themselves. */
export function Arrivals({ source }: { source: Schema<'Source'> }): ReactNode {
  const [chosen, setChosen] = useState<string | null>();
  const { data, error } = useQuery({
    queryKey: keyOf('received', 'of', source.id),
    queryFn: async ({ signal }) =>
      dataOf(api.GET('/v1/received', { params: { query: { sourceId: source.id, limit: shown } }, signal })),
    refetchInterval: pollMs,
  });
  // The first one opens by itself: it is what one waits for.
  const [first, second] = data?.data ?? [];
  if (chosen === undefined && first && !second) setChosen(first.id);
  if (error && !data) return <ProblemNotice error={error} />;
  if (!data) return <Loader size="sm" />;
  if (data.data.length === 0) return <Waiting url={source.url} />;
  return (
    <Accordion variant="separated" radius="md" value={chosen ?? null} onChange={setChosen}>
      {data.data.map((received) => (
        <Accordion.Item key={received.id} value={received.id} className={classes['arrival'] ?? ''}>
          <Accordion.Control>
            <Group gap="sm">
              <Badge radius="sm" variant="default">
                {received.method}
              </Badge>
              <Text size="sm">
                <Time at={received.receivedAt} relative />
              </Text>
              <Text size="sm" c="dimmed">
                <Bytes count={received.bodySize} />
              </Text>
              <Text size="sm" c="dimmed">
                {headerOf(received, 'postrider-event-type')}
              </Text>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            {chosen === received.id ? <Arrival listed={received} url={source.url} /> : null}
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function headerOf({ headers }: Schema<'Received'>, wanted: string): string | undefined {
  return headers.find(({ name }) => name.toLowerCase() === wanted)?.value;
}

/** What to do as long as nothing has arrived. */
function Waiting({ url }: { url: string }): ReactNode {
  const curl = `curl ${url} -H 'content-type: application/json' -d '{"hello":"world"}'`;
  const send = useMutation({
    mutationFn: async () =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ hello: 'world' }),
      }),
  });
  return (
    <Stack gap="sm" className={classes['waiting'] ?? ''}>
      <Group gap="sm">
        <Loader size="xs" type="dots" aria-hidden />
        <Text size="sm">Waiting for the first request. Send one from anywhere:</Text>
      </Group>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Code block flex={1} className={classes['command'] ?? ''}>
          {curl}
        </Code>
        <CopyButtonFor text={curl} what="Command" />
      </Group>
      {/* The page may speak to its own origin alone. */}
      {new URL(url).origin === window.location.origin ? (
        <Group>
          <Button size="xs" variant="default" loading={send.isPending} onClick={() => send.mutate()}>
            Send one from here
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}
