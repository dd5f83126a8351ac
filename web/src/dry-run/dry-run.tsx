import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconHistory } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { api, dataOf } from '../api/client.js';
import type { Schema } from '../api/schemas.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { DryRunResult } from './dry-run-result.js';

/**
 * What changes would have done to the events of the last day, told before they are saved. `body` is undefined as long as
 * they cannot be tried; `why` then says so. A result stays until the changes are others than those that it speaks of.
 */
export function DryRun({
  body,
  why,
}: {
  body: Schema<'NewDryRun'> | undefined;
  why?: string | undefined;
}): ReactNode {
  const [tried, setTried] = useState('');
  const run = useMutation({
    mutationFn: async (changes: Schema<'NewDryRun'>) => dataOf(api.POST('/v1/dry-runs', { body: changes })),
  });
  const given = JSON.stringify(body);
  const isCurrent = tried === given;
  return (
    <Stack gap="sm" align="stretch">
      <Group gap="sm">
        <Button
          variant="default"
          leftSection={<IconHistory size={16} aria-hidden />}
          disabled={body === undefined}
          loading={run.isPending}
          onClick={() => {
            if (!body) return;
            setTried(given);
            run.mutate(body);
          }}
        >
          Dry run on yesterday
        </Button>
        <Text size="sm" c="dimmed" flex={1} miw={180}>
          {body === undefined && why !== undefined
            ? why
            : 'Tries these changes on the events of the last 24 hours. Nothing is sent or saved.'}
        </Text>
      </Group>
      <div aria-live="polite">
        {run.error && isCurrent ? <ProblemNotice error={run.error} /> : null}
        {run.data && isCurrent ? <DryRunResult result={run.data} /> : null}
        {run.data && !isCurrent ? (
          <Text size="sm" c="dimmed">
            The changes are others now: run it again.
          </Text>
        ) : null}
      </div>
    </Stack>
  );
}
