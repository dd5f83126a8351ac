import { Anchor, Select, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { useWebhooks } from './subscriptions.js';

/** A field for the one webhook that a subscription leads to. */
export function WebhookSelect({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (id: string) => void;
  error?: ReactNode;
}): ReactNode {
  const to = useLinks();
  const webhooks = useWebhooks();
  const chosen = webhooks.get(value);
  return (
    <div>
      <Select
        label="Webhook"
        description="Where these events are delivered: exactly one."
        placeholder="Choose a webhook"
        nothingFoundMessage={
          webhooks.size === 0 ? 'There is no webhook yet: register one first.' : 'No webhook is called so.'
        }
        data={[...webhooks.values()].map(({ id, name }) => ({ value: id, label: name }))}
        value={value === '' ? null : value}
        onChange={(next) => onChange(next ?? '')}
        searchable
        required
        error={error}
        renderOption={({ option }) => (
          <span style={{ minWidth: 0 }}>
            <Text span size="sm" truncate display="block">
              {option.label}
            </Text>
            <Text span size="xs" c="dimmed" truncate display="block">
              {webhooks.get(option.value)?.url}
            </Text>
          </span>
        )}
      />
      {chosen === undefined ? null : (
        <Text size="sm" mt={4} truncate>
          <Anchor component={Link} size="sm" to={to('webhooks', chosen.id)}>
            {chosen.url}
          </Anchor>
          {chosen.state === 'active' ? '' : ` is ${chosen.state}`}
        </Text>
      )}
    </div>
  );
}
