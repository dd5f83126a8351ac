import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { holdsBack } from '../deliveries/holds-back.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Time } from '../show/time.js';

type Lane = Schema<'Lane'>;

const pageSize = 20;
/** Lanes come and go by the second. */
const pollMs = 2_000;
const typingMs = 250;

/** The lanes of an ordered webhook in which something waits: how long each is, and why its first delivery waits. */
export function WebhookLanes({ webhookId }: { webhookId: string }): ReactNode {
  const [key, setKey] = useState('');
  const [sought] = useDebouncedValue(key, typingMs);
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: keyOf('webhook', webhookId, 'lanes', sought),
    queryFn: async ({ signal, pageParam }) =>
      dataOf(
        api.GET('/v1/webhooks/{id}/lanes', {
          params: {
            path: { id: webhookId },
            query: {
              limit: pageSize,
              sort: 'createdAt',
              ...(sought === '' ? {} : { key: sought }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: pollMs,
  });
  if (error && !data) return <ProblemNotice error={error} />;
  if (!data) return null;
  const lanes = data.pages.flatMap((page) => page.data);
  return (
    <section aria-label="Lanes">
      <Text size="sm" fw={600} mb={6}>
        Lanes
      </Text>
      {lanes.length > 0 || sought !== '' ? (
        <TextInput
          aria-label="Key of a lane"
          placeholder="A whole key"
          size="xs"
          mb="xs"
          value={key}
          onChange={({ currentTarget: { value } }) => setKey(value)}
        />
      ) : null}
      {lanes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {sought === '' ? 'Nothing waits in order now.' : 'Nothing waits under this key.'}
        </Text>
      ) : null}
      <Stack gap="xs" aria-live="polite">
        {lanes.map((lane) => (
          <LaneRow key={lane.id} lane={lane} />
        ))}
      </Stack>
      {hasNextPage ? (
        <Button
          size="compact-sm"
          variant="default"
          mt="xs"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          More
        </Button>
      ) : null}
    </section>
  );
}

function LaneRow({
  lane: { key, length, lengthComplete, head, waits, createdAt },
}: {
  lane: Lane;
}): ReactNode {
  const to = useLinks();
  return (
    <div>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text size="sm" fw={600} truncate>
          <bdi>{key ?? 'without a key'}</bdi>
        </Text>
        <Text size="sm" style={{ flex: 'none' }}>
          {lengthComplete ? length : `more than ${length}`} waiting
        </Text>
      </Group>
      <Text size="sm" c="dimmed">
        {head === null ? (
          <>
            since <Time at={createdAt} relative />
          </>
        ) : (
          <>
            <Anchor component={Link} to={to('sent', head.id)} inherit>
              The first one
            </Anchor>{' '}
            <Reason head={head} waits={waits} />
          </>
        )}
      </Text>
    </div>
  );
}

function Reason({ head, waits }: { head: Schema<'Delivery'>; waits: Lane['waits'] }): ReactNode {
  if (waits === 'no') return 'is about to leave or on its way.';
  if (waits !== 'next_attempt') return `waits: ${holdsBack[waits]}.`;
  const { attemptCount, nextAttemptAt } = head;
  return (
    <>
      has failed {attemptCount === 1 ? 'once' : `${attemptCount} times`}
      {nextAttemptAt === null ? (
        '.'
      ) : (
        <>
          ; tried again <Time at={nextAttemptAt} relative />.
        </>
      )}
    </>
  );
}
