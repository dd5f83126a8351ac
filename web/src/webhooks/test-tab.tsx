import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { SampleChoice } from '../templates/sample-choice.js';
import type { Sample } from '../templates/sample.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { TestAttempt } from './test-attempt.js';

/** Sends a sample now, and shows what came of it. With changes that are not saved, they are saved first. */
export function TestTab({
  sample,
  test,
  onSend,
  onMend,
  isDirty,
}: {
  sample: Sample;
  test: UseMutationResult<{ attempt: Schema<'Attempt'> }, Error, void>;
  onSend: () => void;
  onMend: () => void;
  isDirty: boolean;
}): ReactNode {
  return (
    <Stack gap="md">
      <SampleChoice sample={sample} />
      <Group gap="sm">
        <Button
          leftSection={<IconSend size={16} aria-hidden />}
          onClick={onSend}
          loading={test.isPending}
          disabled={sample.eventType === undefined}
        >
          {isDirty ? 'Save and send test' : 'Send test'}
        </Button>
        <Text size="sm" c="dimmed" flex={1} miw={200}>
          {sample.eventType === undefined && !sample.isLoading
            ? 'A test needs an event type: import a catalogue, or make one, under Event types.'
            : 'One request, signed like a delivery. It is not tried again, and not in the history.'}
        </Text>
      </Group>
      <div aria-live="polite">
        {test.isPending ? <Loader size="sm" aria-label="Waiting for the receiver" /> : null}
        {test.error ? <ProblemNotice error={test.error} /> : null}
        {test.data && !test.isPending ? <TestAttempt attempt={test.data.attempt} onMend={onMend} /> : null}
      </div>
    </Stack>
  );
}
