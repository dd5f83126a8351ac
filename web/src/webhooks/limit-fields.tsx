import { NumberInput, SimpleGrid } from '@mantine/core';
import type { ReactNode } from 'react';
import { asTyped } from '../form/as-typed.js';
import type { WebhookForm } from './webhook-form.js';

/** How much the endpoint can take; what has to wait is not lost, and spends nothing of its retries. */
export function LimitFields({ form }: { form: WebhookForm }): ReactNode {
  const { rateLimit, maxConcurrency } = form.getValues();
  return (
    <SimpleGrid cols={2}>
      <NumberInput
        label="Requests a second"
        description="At most; the rest waits for its turn"
        placeholder="No limit"
        min={0.1}
        max={1_000}
        {...asTyped}
        data-path="rateLimit"
        error={form.errors['rateLimit']}
        value={rateLimit ?? ''}
        onChange={(value) => form.setFieldValue('rateLimit', numberOf(value))}
      />
      <NumberInput
        label="Requests at once"
        description="At most, from all workers together"
        placeholder="32 per worker"
        min={1}
        max={1_000}
        allowDecimal={false}
        {...asTyped}
        data-path="maxConcurrency"
        error={form.errors['maxConcurrency']}
        value={maxConcurrency ?? ''}
        onChange={(value) => form.setFieldValue('maxConcurrency', numberOf(value))}
      />
    </SimpleGrid>
  );
}

/** What a number field holds; null while it is empty. */
function numberOf(value: string | number): number | null {
  return value === '' ? null : Number(value);
}
