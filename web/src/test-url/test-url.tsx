import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconCopy, IconWebhook } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { useDeletion } from '../panel/deletion.js';
import { useMay } from '../session/session.js';
import { notify } from '../shell/dialogs.js';
import { ConfirmButton } from '../show/confirm-button.js';
import { writeClipboard } from '../show/copy-text.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Time } from '../show/time.js';
import { useEventTypes } from '../event-types/event-types.js';
import { Arrivals } from './arrivals.js';
import classes from './test-url.module.css';

/** Event types that one subscription takes. */
const mostTypes = 200;

/** One test URL, large; what can be done with it, and what arrived. */
export function TestUrl({ source }: { source: Schema<'Source'> }): ReactNode {
  const { id, url, expiresAt } = source;
  const to = useLinks();
  const may = useMay();
  const navigate = useNavigate();
  const forget = useDeletion();
  const queries = useQueryClient();
  const { rows: types, isLoading } = useEventTypes();
  const [openedAt] = useState(() => Date.now());
  const hasExpired = expiresAt !== null && Date.parse(expiresAt) < openedAt;
  const makeWebhook = useMutation({
    mutationFn: async () =>
      dataOf(
        api.POST('/v1/webhooks', {
          body: {
            name: 'Test URL',
            url,
            ...(types.length === 0 ? {} : { eventTypes: types.slice(0, mostTypes).map(({ name }) => name) }),
          },
        }),
      ),
    onSuccess: async (made) => {
      await notify({ message: 'A webhook points to this URL now: send it a test' });
      await Promise.all(
        ['webhooks', 'subscriptions'].map(async (list) =>
          queries.invalidateQueries({ queryKey: keyOf(list) }),
        ),
      );
      await navigate(`${to('webhooks', made.id)}?tab=test`);
    },
  });
  const remove = async (): Promise<void> => {
    await forget({
      call: async () => api.DELETE('/v1/sources/{id}', { params: { path: { id } } }),
      leaveTo: to('test-url'),
      itself: [['sources', 'one', id]],
      lists: ['sources'],
    });
  };
  return (
    <Stack gap="lg">
      <section className={classes['card']} aria-label="The test URL">
        <code className={classes['url']}>{url}</code>
        <Text size="sm" c="dimmed">
          {hasExpired
            ? 'It no longer answers: it expired '
            : 'Takes any method, and answers 200. It lives until '}
          {expiresAt === null ? 'it is deleted' : <Time at={expiresAt} />}
          {expiresAt === null || hasExpired ? null : (
            <>
              {' ('}
              <Time at={expiresAt} relative />)
            </>
          )}
          .
        </Text>
        <Group gap="sm">
          <Button
            leftSection={<IconCopy size={16} aria-hidden />}
            onClick={() => void writeClipboard(url).then(async () => notify({ message: 'URL copied' }))}
          >
            Copy URL
          </Button>
          {may('configure') ? (
            <Button
              variant="default"
              leftSection={<IconWebhook size={16} aria-hidden />}
              disabled={isLoading || hasExpired}
              loading={makeWebhook.isPending}
              onClick={() => makeWebhook.mutate()}
            >
              Make a webhook for it
            </Button>
          ) : null}
          {may('configure') ? (
            <ConfirmButton
              variant="subtle"
              color="gray"
              question="Delete this test URL?"
              detail="It stops answering at once. What arrived stays under Received until its retention is over."
              confirm="Delete"
              act={remove}
            >
              Delete
            </ConfirmButton>
          ) : null}
        </Group>
        {makeWebhook.error ? <ProblemNotice error={makeWebhook.error} /> : null}
      </section>
      <section aria-label="What arrived">
        <Group justify="space-between" mb="sm">
          <Title order={2} fz={18}>
            What arrived
          </Title>
          <Anchor component={Link} size="sm" to={`${to('received')}?sourceId=${id}`}>
            All under Received
          </Anchor>
        </Group>
        <Arrivals source={source} />
      </section>
    </Stack>
  );
}
