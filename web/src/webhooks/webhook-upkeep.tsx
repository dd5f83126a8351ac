import { Group, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import type { Schema } from '../api/schemas.js';
import { useDeletion } from '../panel/deletion.js';
import { notify } from '../shell/dialogs.js';
import { ConfirmButton } from '../show/confirm-button.js';
import { SigningSecret } from './signing-secret.js';
import { readSubscriptionsOf, useSubscriptionsOf } from './webhook-subscriptions.js';
import classes from './webhook.module.css';

/** What is seldom done to a webhook: another signing secret, and its end. */
export function WebhookUpkeep({
  webhook,
  onRotated,
}: {
  webhook: Schema<'Webhook'>;
  onRotated: () => void;
}): ReactNode {
  const [secret, setSecret] = useState<string>();
  const to = useLinks();
  const forget = useDeletion();
  const subscriptions = useSubscriptionsOf(webhook.id) ?? [];
  const path = { id: webhook.id };
  const rotate = async (): Promise<void> => {
    const { signingSecret } = await dataOf(
      api.POST('/v1/webhooks/{id}/rotate-secret', { params: { path }, body: {} }),
    );
    setSecret(signingSecret);
    onRotated();
  };
  const remove = async (): Promise<void> => {
    await forget({
      call: async () => {
        // Some may have been made since the question was asked.
        for (const { id } of await readSubscriptionsOf(webhook.id)) {
          await api.DELETE('/v1/subscriptions/{id}', { params: { path: { id } } });
        }
        await api.DELETE('/v1/webhooks/{id}', { params: { path } });
      },
      leaveTo: to('webhooks'),
      itself: [
        ['webhook', webhook.id],
        ['subscriptions', 'one'],
      ],
      lists: ['webhooks', 'subscriptions'],
    });
    await notify({ message: `${webhook.name} deleted` });
  };
  return (
    <Stack gap="md" className={classes['danger'] ?? ''}>
      {secret === undefined ? null : (
        <SigningSecret secret={secret}>
          <Text size="sm">The old one signs too for 24 hours, so that the receiver can change over.</Text>
        </SigningSecret>
      )}
      <Group justify="space-between">
        <ConfirmButton
          question="Make a new signing secret?"
          detail="It is shown once. The old one signs too for 24 hours, so that the receiver can change over."
          confirm="Make a new one"
          act={rotate}
        >
          New signing secret
        </ConfirmButton>
        <ConfirmButton
          question={`Delete ${webhook.name}?`}
          detail={
            subscriptions.length === 0
              ? 'Deliveries that wait for it are cancelled. What was sent stays in the history.'
              : `Its ${subscriptions.length === 1 ? 'subscription goes' : `${subscriptions.length} subscriptions go`} with it, and deliveries that wait for it are cancelled. What was sent stays in the history.`
          }
          confirm="Delete"
          act={remove}
          c="var(--mantine-color-error)"
        >
          Delete webhook
        </ConfirmButton>
      </Group>
    </Stack>
  );
}
