import { Alert, Anchor, Box, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { Time } from '../show/time.js';

const pollMs = 10_000;

/** Whether a webhook fails now and since when, and the ways to what was sent, and to what changed. */
export function FailingNotice({ webhookId }: { webhookId: string }): ReactNode {
  const to = useLinks();
  const { data: failingSince } = useQuery({
    queryKey: keyOf('failing-since', webhookId),
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/v1/webhooks/{id}', { params: { path: { id: webhookId } }, signal })))
        .failingSince,
    refetchInterval: pollMs,
  });
  const links = (
    <Group gap="lg">
      <Anchor component={Link} to={`${to('sent')}?webhookId=${webhookId}`} size="sm">
        What was sent
      </Anchor>
      <Anchor component={Link} to={to('webhooks', webhookId, 'comparison')} size="sm">
        Last success against first failure
      </Anchor>
    </Group>
  );
  if (failingSince === undefined || failingSince === null) return <Box mb="md">{links}</Box>;
  return (
    <Alert
      color="red"
      variant="light"
      mb="md"
      icon={<IconAlertTriangle size={20} aria-hidden />}
      title={
        <span>
          Failing since <Time at={failingSince} relative />
        </span>
      }
    >
      {links}
    </Alert>
  );
}
