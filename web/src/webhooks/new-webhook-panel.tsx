import { Button, Group, Stack, Tabs, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconSend } from '@tabler/icons-react';
import { useId, useState, type ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { SidePanel } from '../panel/side-panel.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { useSample } from '../templates/sample.js';
import { NewEventTypes } from './new-event-types.js';
import { PayloadTab } from './payload-tab.js';
import { SettingsFields } from './settings-fields.js';
import { SigningSecret } from './signing-secret.js';
import { useWebhookForm } from './webhook-form.js';
import { newWebhookValues, settingsOf } from './webhook-values.js';

/** Registers a webhook, with the subscription to its event types. `?url=`, `?name=` and `?system=` fill in what another screen knows. */
export function Component(): ReactNode {
  const to = useLinks();
  const formId = useId();
  const queries = useQueryClient();
  const [given] = useSearchParams();
  const [made, setMade] = useState<Schema<'MadeWebhook'>>();
  const [tab, setTab] = useState<string | null>('settings');
  const [isLater, setLater] = useState(false);
  const form = useWebhookForm(
    {
      ...newWebhookValues,
      url: given.get('url') ?? '',
      name: given.get('name') ?? '',
      externalSystemId: given.get('system'),
    },
    { needsEventTypes: !isLater },
  );
  const { eventTypes } = form.getValues();
  const sample = useSample(eventTypes);

  // What is wrong is shown where it stands.
  const [seenErrors, setSeenErrors] = useState(form.errors);
  if (seenErrors !== form.errors) {
    setSeenErrors(form.errors);
    const [path] = Object.keys(form.errors);
    if (path !== undefined) setTab(/^(payloadTemplate|format)/.test(path) ? 'payload' : 'settings');
  }

  const register = async (): Promise<void> => {
    const { name, retrySchedule, ...settings } = settingsOf(form.getValues());
    const body = {
      ...settings,
      ...(name.trim() === '' ? {} : { name }),
      ...(retrySchedule === null ? {} : { retrySchedule }),
      ...(eventTypes.length === 0 ? {} : { eventTypes }),
    };
    setMade(await dataOf(api.POST('/v1/webhooks', { body })));
    form.resetDirty();
    await Promise.all(
      ['webhooks', 'subscriptions'].map(async (list) => queries.invalidateQueries({ queryKey: keyOf(list) })),
    );
  };

  if (made) return <Made webhook={made} />;
  return (
    <SidePanel
      title="Register webhook"
      closeTo={to('webhooks')}
      isDirty={form.isDirty()}
      footer={
        <Group justify="flex-end">
          <Button type="submit" form={formId} loading={form.submitting}>
            Register
          </Button>
        </Group>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit(register)();
        }}
      >
        {form.problem ? <ProblemNotice error={form.problem} mb="md" /> : null}
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List mb="lg">
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
            <Tabs.Tab value="payload">Payload</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="settings">
            <SettingsFields
              form={form}
              events={<NewEventTypes form={form} isLater={isLater} onLater={setLater} />}
            />
          </Tabs.Panel>
          <Tabs.Panel value="payload">
            <PayloadTab form={form} sample={sample} webhookId={undefined} />
          </Tabs.Panel>
        </Tabs>
      </form>
    </SidePanel>
  );
}

/** What to do with a webhook that was just made. */
function Made({ webhook }: { webhook: Schema<'MadeWebhook'> }): ReactNode {
  const to = useLinks();
  return (
    <SidePanel title={`${webhook.name} is registered`} closeTo={to('webhooks')}>
      <Stack gap="lg">
        <SigningSecret secret={webhook.signingSecret} />
        <Text size="sm">Now see whether a request arrives, with a sample of its event type.</Text>
        <Group>
          <Button
            component={Link}
            to={`${to('webhooks', webhook.id)}?tab=test`}
            leftSection={<IconSend size={16} aria-hidden />}
          >
            Go on to a test
          </Button>
          <Button component={Link} to={to('webhooks', webhook.id)} variant="default">
            Open it
          </Button>
        </Group>
      </Stack>
    </SidePanel>
  );
}
