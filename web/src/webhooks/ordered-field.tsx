import { NumberInput, Select, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { asTyped } from '../form/as-typed.js';
import { ChoiceField } from '../form/choice-field.js';
import type { OrderedValues } from './ordered-values.js';
import type { WebhookForm } from './webhook-form.js';

const orders = [
  {
    value: 'none',
    label: 'No order',
    means: 'Each delivery goes at once, whatever becomes of the others.',
  },
  {
    value: 'key',
    label: 'By a key',
    means: 'Those with the same value there go one after the other; the others do not wait for them.',
  },
  {
    value: 'all',
    label: 'All in order',
    means: 'One after the other, in the order in which events were accepted.',
  },
] as const;

const failures: { value: OrderedValues['onFailure']; label: string }[] = [
  { value: 'block', label: 'The others wait until it succeeded or its schedule is over' },
  { value: 'park', label: 'It is set aside after the first failed attempt; the next one goes' },
  { value: 'skip', label: 'The next one goes after some failed attempts' },
];

/** Whether deliveries keep their order, by what, and what a failing one means for the others. */
export function OrderedField({ form }: { form: WebhookForm }): ReactNode {
  const { by, onFailure, skipAfter } = form.getValues().ordered;
  return (
    <Stack gap="md">
      <ChoiceField
        label="Order"
        choices={orders}
        value={by}
        onChange={(next) => form.setFieldValue('ordered.by', next)}
        error={form.errors['ordered']}
      />
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
