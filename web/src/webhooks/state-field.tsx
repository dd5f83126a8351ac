import type { ReactNode } from 'react';
import { ChoiceField } from '../form/choice-field.js';
import type { WebhookForm } from './webhook-form.js';

const states = [
  { value: 'active', label: 'Active', means: 'Events are delivered as they come.' },
  {
    value: 'paused',
    label: 'Paused',
    means: 'Deliveries are made and held; they go on when it is active again. Nothing is lost.',
  },
  { value: 'off', label: 'Off', means: 'Events do not match it, and what waits is cancelled.' },
] as const;

/** Whether a webhook delivers, and what each choice means. */
export function StateField({ form }: { form: WebhookForm }): ReactNode {
  return (
    <ChoiceField
      label="State"
      choices={states}
      value={form.getValues().state}
      onChange={(state) => form.setFieldValue('state', state)}
    />
  );
}
