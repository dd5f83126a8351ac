import { Alert, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { HttpMessage } from '../message/http-message.js';
import { Bytes, Duration } from '../show/quantities.js';
import { Time } from '../show/time.js';
import { adviceFor } from './attempt-advice.js';

/** An attempt: its verdict and why, then what was sent and what came back. */
export function TestAttempt({
  attempt,
  onMend,
}: {
  attempt: Schema<'Attempt'>;
  /** Leads to the settings, where most failures are mended. */
  onMend: () => void;
}): ReactNode {
  const { request, response, durationMs, startedAt, errorCode } = attempt;
  return (
    <Stack gap="md">
      <Verdict attempt={attempt} onMend={onMend} />
      <Text size="sm" c="dimmed">
        Took <Duration ms={durationMs} />
        {request.body === null ? null : (
          <>
            {', sent '}
            <Bytes count={new TextEncoder().encode(request.body).length} />
          </>
        )}
        {', '}
        <Time at={startedAt} />
      </Text>
      <Title order={3} fz="sm">
        What came back
      </Title>
      {response ? (
        <HttpMessage
          label="Response"
          start={<b>{response.status}</b>}
          headers={response.headers}
          body={response.body}
          note={
            response.truncated ? (
              <Text size="sm" c="dimmed">
                The body was cut at 64 KiB.
              </Text>
            ) : undefined
          }
        />
      ) : (
        <Text size="sm" c="dimmed">
          Nothing{errorCode === null ? '' : ` (${errorCode})`}.
        </Text>
      )}
      <Title order={3} fz="sm">
        What was sent
      </Title>
      <HttpMessage
        label="Request"
        start={
          <>
            <b>{request.method}</b> {request.url}
          </>
        }
        headers={request.headers}
        body={request.body}
      />
    </Stack>
  );
}

function Verdict({ attempt, onMend }: { attempt: Schema<'Attempt'>; onMend: () => void }): ReactNode {
  const advice = adviceFor(attempt);
  const { errorCode, errorMessage, response } = attempt;
  if (!advice) {
    return (
      <Alert
        variant="light"
        color="teal"
        icon={<IconCircleCheck size={20} aria-hidden />}
        title={`It arrived: the receiver answered ${response?.status ?? ''}`}
      />
    );
  }
  return (
    <Alert variant="light" color="red" icon={<IconAlertTriangle size={20} aria-hidden />} title={advice.why}>
      <Text size="sm">{advice.next}</Text>
      <Button size="xs" variant="default" mt="sm" onClick={onMend}>
        Open settings
      </Button>
      <Group gap="sm" mt={6}>
        {errorMessage === null ? null : (
          <Text size="xs" c="dimmed">
            {errorMessage}
          </Text>
        )}
        <Anchor size="xs" href={`/docs/errors#attempt-${errorCode ?? ''}`} target="_blank">
          What {errorCode} means
        </Anchor>
      </Group>
    </Alert>
  );
}
