import { Alert, Button, Group, List, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';

const labels: Partial<Record<keyof Schema<'Webhook'>, string>> = {
  name: 'name',
  url: 'URL',
  method: 'verb',
  format: 'format',
  headers: 'headers',
  auth: 'authentication',
  clientCertificate: 'client certificate',
  caCertificates: 'private authorities',
  externalSystemId: 'external system',
  payloadTemplate: 'payload template',
  timeoutMs: 'timeout',
  retrySchedule: 'retries',
  rateLimit: 'requests a second',
  maxConcurrency: 'requests at once',
  state: 'state',
  ordered: 'order',
  pauseAfter: 'pause after',
  pauseOnGone: 'pause on 410',
};

/** Somebody else saved the same webhook meanwhile: what they changed, and the choice between theirs and one's own. */
export function ConflictNotice({
  before,
  theirs,
  mine,
  onKeepMine,
  onTakeTheirs,
}: {
  /** As it was when the form was opened. */
  before: Schema<'Webhook'>;
  theirs: Schema<'Webhook'>;
  mine: Schema<'WebhookChanges'>;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}): ReactNode {
  const changed = (Object.keys(labels) as (keyof Schema<'Webhook'>)[]).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(theirs[field]),
  );
  return (
    <Alert
      role="alert"
      mb="md"
      variant="light"
      color="yellow"
      icon={<IconUsers size={20} aria-hidden />}
      title="Somebody else changed this webhook while you did"
    >
      <Text size="sm">They changed:</Text>
      <List size="sm">
        {changed.map((field) => (
          <List.Item key={field}>
            {labels[field]}: <b>{textOf(theirs[field])}</b>
            {field in mine ? ' (you changed it too)' : ''}
          </List.Item>
        ))}
        {changed.length === 0 ? <List.Item>a secret, which cannot be shown</List.Item> : null}
      </List>
      <Group gap="sm" mt="sm">
        <Button size="xs" onClick={onKeepMine}>
          Save mine onto theirs
        </Button>
        <Button size="xs" variant="default" onClick={onTakeTheirs}>
          Drop mine, take theirs
        </Button>
      </Group>
      <Text size="xs" mt={6}>
        Yours wins where both changed the same; the rest of theirs stays.
      </Text>
    </Alert>
  );
}

const longest = 80;

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
