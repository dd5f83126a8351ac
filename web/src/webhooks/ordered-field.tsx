import { Input, NumberInput, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useId } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { asTyped } from '../form/as-typed.js';
import type { OrderedValues } from './ordered-values.js';
import type { WebhookForm } from './webhook-form.js';

const meanings: Record<OrderedValues['by'], string> = {
  none: 'Each delivery goes at once, whatever becomes of the others.',
  all: 'One after the other, in the order in which events were accepted.',
  key: 'Those with the same value there go one after the other; the others do not wait for them.',
};

const failures: { value: OrderedValues['onFailure']; label: string }[] = [
  { value: 'block', label: 'The others wait until it succeeded or its schedule is over' },
  { value: 'park', label: 'It is set aside after the first failed attempt; the next one goes' },
  { value: 'skip', label: 'The next one goes after some failed attempts' },
];

/** Whether deliveries keep their order, by what, and what a failing one means for the others. */
export function OrderedField({ form }: { form: WebhookForm }): ReactNode {
  const id = useId();
  const { by, onFailure, skipAfter } = form.getValues().ordered;
  return (
    <Stack gap="md">
      <Input.Wrapper label="Order" labelElement="div" labelProps={{ id }} error={form.errors['ordered']}>
        <SegmentedControl
          fullWidth
          aria-labelledby={id}
          data={[
            { value: 'none', label: 'No order' },
            { value: 'key', label: 'By a key' },
            { value: 'all', label: 'All in order' },
          ]}
          value={by}
          onChange={(next) => form.setFieldValue('ordered.by', next)}
        />
        <Text size="sm" c="dimmed" mt={6} aria-live="polite">
          {meanings[by]}
        </Text>
      </Input.Wrapper>
      {by === 'key' ? (
        <TextInput
          label="Ordering key"
          description="A path into the event’s data. Events without it are in order among themselves."
          placeholder="account.id"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('ordered.orderingKey')}
        />
      ) : null}
      {by === 'none' ? null : (
        <Select
          label="When an attempt fails"
          allowDeselect={false}
          data={failures}
          {...form.getInputProps('ordered.onFailure')}
        />
      )}
      {by !== 'none' && onFailure === 'skip' ? (
        <NumberInput
          label="Failed attempts before the next one goes"
          min={1}
          max={51}
          allowDecimal={false}
          {...asTyped}
          data-path="ordered.onFailure.skipAfter"
          value={skipAfter}
          error={form.errors['ordered.onFailure.skipAfter']}
          onChange={(attempts) => {
            form.setFieldValue('ordered.skipAfter', Number(attempts));
            form.clearFieldError('ordered.onFailure.skipAfter');
          }}
        />
      ) : null}
    </Stack>
  );
}
