import { Input, SegmentedControl, Text } from '@mantine/core';
import { useId } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { WebhookForm } from './webhook-form.js';
import type { WebhookValues } from './webhook-values.js';

const meanings: Record<WebhookValues['state'], string> = {
  active: 'Events are delivered as they come.',
  paused: 'Deliveries are made and held; they go on when it is active again. Nothing is lost.',
  off: 'Events do not match it, and what waits is cancelled.',
};

/** Whether a webhook delivers, and what each choice means. */
export function StateField({ form }: { form: WebhookForm }): ReactNode {
  const id = useId();
  const { state } = form.getValues();
  return (
    <Input.Wrapper label="State" labelElement="div" labelProps={{ id }}>
      <SegmentedControl
        fullWidth
        aria-labelledby={id}
        data={[
          { value: 'active', label: 'Active' },
          { value: 'paused', label: 'Paused' },
          { value: 'off', label: 'Off' },
        ]}
        value={state}
        onChange={(next) => form.setFieldValue('state', next)}
      />
      <Text size="sm" c="dimmed" mt={6} aria-live="polite">
        {meanings[state]}
      </Text>
    </Input.Wrapper>
  );
}
