import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Time } from '../show/time.js';

/** How often what arrives is looked for while a source is open, in ms. */
const pollMs = 2_000;

/** The newest requests that a source received, as they come. */
export function RecentReceived({ sourceId }: { sourceId: string }): ReactNode {
  const to = useLinks();
  const { data, error } = useQuery({
    queryKey: keyOf('received', 'of-source', sourceId),
    queryFn: async ({ signal }) =>
      dataOf(api.GET('/v1/received', { params: { query: { sourceId, limit: 5 } }, signal })),
    refetchInterval: pollMs,
  });
  if (error && !data) return <ProblemNotice error={error} />;
  if (!data) return null;
  return (
    <div>
      <Group justify="space-between" mb={6}>
        <Text size="sm" fw={600}>
          Received lately
        </Text>
        {data.data.length === 0 ? null : (
          <Anchor
            component={Link}
            size="sm"
            to={`${to('received')}?sourceId=${encodeURIComponent(sourceId)}`}
          >
            All of it
          </Anchor>
        )}
      </Group>
      {data.data.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing yet: what is sent to its URL shows here within seconds.
        </Text>
      ) : null}
      <Stack gap={4} aria-live="polite">
        {data.data.map(({ id, method, verified, responseStatus, body, receivedAt }) => (
          <Group key={id} gap="xs" wrap="nowrap">
            <Anchor component={Link} size="sm" to={to('received', id)} style={{ flex: 'none' }}>
              {method}
            </Anchor>
            <Text size="sm" c="dimmed" style={{ flex: 'none' }}>
              <Time at={receivedAt} relative />
            </Text>
            <Text size="sm" ff="monospace" truncate flex={1}>
              {body}
            </Text>
            {verified ? null : (
              <Badge size="sm" color="red" variant="light" radius="sm" tt="none">
                not verified
              </Badge>
            )}
            <Text size="sm" style={{ flex: 'none' }}>
              {responseStatus}
            </Text>
          </Group>
        ))}
      </Stack>
    </div>
  );
}
