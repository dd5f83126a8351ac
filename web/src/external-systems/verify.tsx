import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconAlertTriangle, IconCircleCheck, IconShieldCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { api, dataOf } from '../api/client.js';
import type { Schema } from '../api/schemas.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { Time } from '../show/time.js';

/** Tries the credential that is saved, and tells how it went. */
export function Verify({ id, isDirty }: { id: string; isDirty: boolean }): ReactNode {
  const verify = useMutation({
    mutationFn: async () =>
      dataOf(api.POST('/v1/external-systems/{id}/verify', { params: { path: { id } } })),
  });
  return (
    <div>
      <Group gap="sm" mb="sm">
        <Button
          variant="default"
          leftSection={<IconShieldCheck size={16} aria-hidden />}
          loading={verify.isPending}
          disabled={isDirty}
          onClick={() => verify.mutate()}
        >
          Verify credential
        </Button>
        <Text size="sm" c="dimmed" flex={1} miw={180}>
          {isDirty
            ? 'Save first: what is saved is verified.'
            : 'Fetches an access token now, where it has one.'}
        </Text>
      </Group>
      <div aria-live="polite">
        {verify.error ? <ProblemNotice error={verify.error} /> : null}
        {verify.data ? <Outcome verification={verify.data} /> : null}
      </div>
    </div>
  );
}

function Outcome({ verification }: { verification: Schema<'Verification'> }): ReactNode {
  const { ok, status, error, expiresAt, message } = verification;
  return (
    <Alert
      variant="light"
      color={ok ? 'teal' : 'red'}
      icon={ok ? <IconCircleCheck size={20} aria-hidden /> : <IconAlertTriangle size={20} aria-hidden />}
      title={message}
    >
      {error === null ? null : (
        <Text size="sm">
          {error}
          {status === null ? '' : ` (status ${status})`}. Check the token URL, the client’s id and its secret.
        </Text>
      )}
      {expiresAt === null ? null : (
        <Text size="sm">
          It expires <Time at={expiresAt} relative />.
        </Text>
      )}
    </Alert>
  );
}
