import { Button, Group, Input, TagsInput, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { errorUnder } from '../form/error-under.js';
import { scheduleText } from './retry-durations.js';
import type { WebhookForm } from './webhook-form.js';

/** What Postrider does where nothing else was set; an operator can set another (`POSTRIDER_RETRY_SCHEDULE`). */
const usual = ['5s', '5m', '30m', '2h', '5h', '10h'];

/** The delays between attempts, one chip each, and what they come to. */
export function RetryScheduleField({ form }: { form: WebhookForm }): ReactNode {
  const { retrySchedule } = form.getValues();
  const set = (schedule: string[] | null): void => {
    form.setFieldValue('retrySchedule', schedule);
    form.clearFieldError('retrySchedule');
  };
  if (retrySchedule === null) {
    return (
      <Input.Wrapper label="Retries" labelElement="div">
        <Group gap="sm">
          <Text size="sm">By the schedule of this Postrider.</Text>
          <Button size="compact-sm" variant="default" onClick={() => set(usual)}>
            Set another
          </Button>
        </Group>
      </Input.Wrapper>
    );
  }
  const error = errorUnder(form.errors, 'retrySchedule');
  return (
    <div>
      <TagsInput
        label="Retries after"
        description="Delays between attempts, in their order: 30s, 5m, 2h. Enter adds one."
        placeholder={retrySchedule.length === 0 ? 'No retries' : 'Add a delay'}
        splitChars={[',', ' ', ';']}
        allowDuplicates
        acceptValueOnBlur
        maxTags={50}
        error={error}
        value={retrySchedule}
        onChange={(delays) => set(delays.map((delay) => delay.trim().toLowerCase()))}
        data-path="retrySchedule"
      />
      <Group gap="sm" mt={6} justify="space-between">
        <Text size="sm" c="dimmed" aria-live="polite">
          {scheduleText(retrySchedule)}
        </Text>
        <Button size="compact-sm" variant="subtle" onClick={() => set(null)}>
          Use this Postrider’s schedule
        </Button>
      </Group>
    </div>
  );
}
