import { Alert, Anchor, Box, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconPlayerPause } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { Time } from '../show/time.js';

const pollMs = 10_000;

/** Why Postrider has paused a webhook, in words. */
const pausedBecause = {
  failing: 'it did nothing but fail for long',
  gone: 'its endpoint answered 410: gone for good',
};

/** Whether a webhook fails now and since when, whether Postrider has paused it, and the ways to what was sent, and to what changed. */
export function FailingNotice({ webhookId }: { webhookId: string }): ReactNode {
  const to = useLinks();
  const { data: webhook } = useQuery({
    queryKey: keyOf('webhook', webhookId, 'health'),
    queryFn: async ({ signal }) =>
      dataOf(api.GET('/v1/webhooks/{id}', { params: { path: { id: webhookId } }, signal })),
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
  const { failingSince = null, pausedReason = null, pausedAt = null, circuit = null } = webhook ?? {};
  if (pausedReason === 'failing' || pausedReason === 'gone') {
    return (
      <Alert
        color="yellow"
        variant="light"
        mb="md"
        icon={<IconPlayerPause size={20} aria-hidden />}
        title={<span>Paused by Postrider {pausedAt === null ? null : <Time at={pausedAt} relative />}</span>}
      >
        <Text size="sm" mb={6}>
          Because {pausedBecause[pausedReason]}. Its deliveries are held, not lost: mend the endpoint or the
          settings, send a test, then set the state to active, and they go on.
        </Text>
        {links}
      </Alert>
    );
  }
  if (failingSince === null) return <Box mb="md">{links}</Box>;
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
      {circuit === null ? null : <CircuitText circuit={circuit} />}
      {links}
    </Alert>
  );
}

function CircuitText({ circuit }: { circuit: NonNullable<Schema<'Webhook'>['circuit']> }): ReactNode {
  const { openedAt, nextProbeAt } = circuit;
  return (
    <Text size="sm" mb={6}>
      Its endpoint is down, so deliveries have been held back since <Time at={openedAt} relative />. They
      spend nothing of their schedule, and go on by themselves when a probe succeeds
      {nextProbeAt === null ? null : (
        <>
          ; the next one is due <Time at={nextProbeAt} relative />
        </>
      )}
      .
    </Text>
  );
}
