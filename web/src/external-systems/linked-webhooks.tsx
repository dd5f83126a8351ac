import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { everyPage } from '../api/every-page.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { useMay } from '../session/session.js';
import { StatusBadge } from '../show/status-badge.js';

/** The webhooks that use an external system; undefined until they are known. */
export function useLinkedWebhooks(systemId: string): readonly Schema<'Webhook'>[] | undefined {
  const { data } = useQuery({
    queryKey: keyOf('webhooks', 'all'),
    queryFn: async ({ signal }) =>
      everyPage(async (cursor) =>
        dataOf(
          api.GET('/v1/webhooks', { params: { query: { sort: 'name', limit: 200, ...cursor } }, signal }),
        ),
      ),
  });
  return data?.filter(({ externalSystemId }) => externalSystemId === systemId);
}

/** Which webhooks a change of an external system is for. */
export function LinkedWebhooks({
  systemId,
  webhooks,
}: {
  systemId: string;
  webhooks: readonly Schema<'Webhook'>[] | undefined;
}): ReactNode {
  const to = useLinks();
  const may = useMay();
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        Webhooks that use it
      </Text>
      {webhooks?.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      ) : null}
      {webhooks?.map(({ id, name, state }) => (
        <Group key={id} gap="sm">
          <Anchor component={Link} to={to('webhooks', id)} size="sm">
            {name}
          </Anchor>
          <StatusBadge status={state} />
        </Group>
      ))}
      {may('configure') ? (
        <Anchor component={Link} to={`${to('webhooks', 'new')}?system=${systemId}`} size="sm">
          Register a webhook with it
        </Anchor>
      ) : null}
    </Stack>
  );
}
