import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { randomId } from '@mantine/hooks';
import { IconRefresh, IconSend } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useEnvironment, useLinks } from '../address/links.js';
import { api, dataOf } from '../api/client.js';
import { keyOf, queryClient } from '../api/queries.js';
import type { Schema } from '../api/schemas.js';
import { jsonText, parseJson } from '../code/json-text.js';
import { JsonInput } from '../form/json-input.js';
import { useProblemForm } from '../form/problem-form.js';
import { SidePanel } from '../panel/side-panel.js';
import { confirm } from '../shell/dialogs.js';
import { ProblemNotice } from '../show/problem-notice.js';
import type { EventType } from './event-types.js';
import { PublishedEvent } from './published-event.js';

/** A form that begins with the sample of an event type; the API checks the data against the schema, then the event is shown. */
export function PublishForm({ type }: { type: EventType }): ReactNode {
  const { name } = type;
  const to = useLinks();
  const environment = useEnvironment();
  const [published, setPublished] = useState<Schema<'PublishedEvent'>>();
  const sample = jsonText(type.samplePayload) || '{}';
  const form = useProblemForm({
    initialValues: { data: sample, correlationId: '', idempotencyKey: '' },
    validate: {
      data: (text) => {
        const parsed = parseJson(text);
        if (!parsed.ok) return parsed.message;
        return parsed.value === undefined ? 'Give the event some data: {} at least.' : null;
      },
    },
  });
  const submit = form.submit(async ({ data, correlationId, idempotencyKey }) => {
    if (environment === 'production' && !(await confirm(question(name)))) return;
    const parsed = parseJson(data);
    const event = await dataOf(
      api.POST('/v1/events', {
        body: {
          type: name,
          data: parsed.ok ? parsed.value : null,
          ...(correlationId.trim() === '' ? {} : { correlationId: correlationId.trim() }),
          ...(idempotencyKey.trim() === '' ? {} : { idempotencyKey: idempotencyKey.trim() }),
        },
      }),
    );
    form.resetDirty();
    setPublished(event);
    await queryClient.invalidateQueries({ queryKey: keyOf('events') });
  });
  if (published) {
    return <PublishedEvent type={name} event={published} again={() => setPublished(undefined)} />;
  }
  return (
    <form onSubmit={submit} noValidate style={{ display: 'contents' }}>
      <SidePanel
        title={`Publish ${name}`}
        closeTo={to('event-types', name)}
        isDirty={form.isDirty()}
        footer={
          <Group justify="space-between">
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconRefresh size={16} aria-hidden />}
              disabled={form.getValues().data === sample}
              onClick={() => form.setFieldValue('data', sample)}
            >
              Back to the sample
            </Button>
            <Button
              type="submit"
              loading={form.submitting}
              leftSection={<IconSend size={16} aria-hidden />}
              {...(environment === 'production' ? { color: 'red' } : {})}
            >
              {environment === 'production' ? 'Publish in production' : 'Publish'}
            </Button>
          </Group>
        }
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            It goes to every webhook that subscribes to {type.label ?? name}, as if your service had published
            it.
          </Text>
          {form.problem ? <ProblemNotice error={form.problem} /> : null}
          <JsonInput
            form={form}
            field="data"
            label="Data"
            description={
              type.schema === null ? 'Any JSON.' : 'JSON that the schema of this event type allows.'
            }
            minHeight={220}
          />
          <TextInput
            label="Correlation id"
            description="What it belongs to, such as an order’s number; every delivery carries it."
            maxLength={200}
            {...form.getInputProps('correlationId')}
          />
          <TextInput
            label="Idempotency key"
            description="The same key with the same data is the same event, however often it is published."
            maxLength={256}
            rightSectionWidth={86}
            rightSection={
              <Button
                size="compact-xs"
                variant="subtle"
                onClick={() => form.setFieldValue('idempotencyKey', randomId('key-'))}
              >
                Make one
              </Button>
            }
            {...form.getInputProps('idempotencyKey')}
          />
        </Stack>
      </SidePanel>
    </form>
  );
}

function question(name: string): Parameters<typeof confirm>[0] {
  return {
    title: 'Publish in production?',
    detail: `${name} goes to the real receivers of this environment, and cannot be taken back.`,
    confirm: 'Publish',
  };
}
