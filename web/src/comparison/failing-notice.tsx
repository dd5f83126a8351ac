import { Alert, Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import { Time } from '../show/time.js';

const pollMs = 10_000;

/** Whether a webhook fails now and since when, and the way to its last success against its first failure. */
export function FailingNotice({ webhookId }: { webhookId: string }): ReactNode {
  const to = useLinks();
  const { data: failingSince } = useQuery({
    queryKey: keyOf('failing-since', webhookId),
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/v1/webhooks/{id}', { params: { path: { id: webhookId } }, signal })))
        .failingSince,
    refetchInterval: pollMs,
  });
  const link = (
    <Anchor component={Link} to={to('webhooks', webhookId, 'comparison')} size="sm">
      Last success against first failure
    </Anchor>
  );
  if (failingSince === undefined || failingSince === null) return <Text mb="md">{link}</Text>;
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
      {link}
    </Alert>
  );
}
