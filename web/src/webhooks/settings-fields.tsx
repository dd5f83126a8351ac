import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { CredentialFields, DestinationFields, ExchangeFields } from './destination-fields.js';
import { HeaderFields } from './header-fields.js';
import { OrderedField } from './ordered-field.js';
import { LimitFields } from './limit-fields.js';
import { PauseFields } from './pause-fields.js';
import { RetryScheduleField } from './retry-schedule-field.js';
import { StateField } from './state-field.js';
import type { WebhookForm } from './webhook-form.js';
import classes from './webhook.module.css';

/** The settings of a webhook but for its payload; `events` stands after its URL and name. */
export function SettingsFields({
  form,
  events,
  saved,
}: {
  form: WebhookForm;
  events: ReactNode;
  saved?: Schema<'Webhook'>;
}): ReactNode {
  return (
    <Stack gap="lg">
      <DestinationFields form={form} />
      {events}
      <StateField form={form} />
      <div className={classes['section']}>
        <CredentialFields form={form} saved={saved?.clientCertificate} />
      </div>
      <div className={classes['section']}>
        <HeaderFields form={form} />
      </div>
      <Stack gap="lg" className={classes['section'] ?? ''}>
        <ExchangeFields form={form} />
        <RetryScheduleField form={form} />
        <OrderedField form={form} />
        <LimitFields form={form} />
        <PauseFields form={form} />
      </Stack>
    </Stack>
  );
}
