import { Select, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { parseJson } from '../code/json-text.js';
import { DryRun } from '../dry-run/dry-run.js';
import type { Schema } from '../api/schemas.js';
import { useMay } from '../session/session.js';
import { RequestPreview } from '../templates/request-preview.js';
import { SampleChoice } from '../templates/sample-choice.js';
import { sampleBody, type Sample } from '../templates/sample.js';
import { TemplateField } from '../templates/template-field.js';
import { errorUnder } from '../form/error-under.js';
import { askPreview, type Previewed } from './ask-preview.js';
import type { WebhookForm } from './webhook-form.js';
import { changesOf, settingsOf } from './webhook-values.js';
import classes from './webhook.module.css';

/** What a webhook sends: its template and format, the request that they make, and what they would have done to yesterday. */
export function PayloadTab({
  form,
  sample,
  webhookId,
}: {
  form: WebhookForm;
  sample: Sample;
  /** undefined for one that is not made yet. */
  webhookId: string | undefined;
}): ReactNode {
  const may = useMay();
  const values = form.getValues();
  const template = parseJson(values.payloadTemplate);
  const whyNot = template.ok ? whyNoSample(sample) : template.message;
  const settings = template.ok ? JSON.stringify(previewedBy(form, sample, webhookId)) : '';
  return (
    <Stack gap="lg">
      <SampleChoice sample={sample}>
        <Select
          label="Format"
          allowDeselect={false}
          data={[
            { value: 'json', label: 'JSON' },
            { value: 'form', label: 'Form, URL encoded' },
          ]}
          {...form.getInputProps('format')}
        />
      </SampleChoice>
      <TemplateField
        value={values.payloadTemplate}
        onChange={(text) => {
          form.setFieldValue('payloadTemplate', text);
          form.clearFieldError('payloadTemplate');
        }}
        error={errorUnder(form.errors, 'payloadTemplate')}
        data={sample.data}
      />
      {may('operate') ? (
        <div className={classes['section']}>
          <RequestPreview settings={settings} ask={askPreview} whyNot={whyNot} />
        </div>
      ) : null}
      <div className={classes['section']}>
        <DryRun {...dryRunOf(form, webhookId, template.ok ? template.value : undefined, template.ok)} />
      </div>
    </Stack>
  );
}

function whyNoSample({ eventType, isLoading }: Sample): string | undefined {
  if (eventType !== undefined) return undefined;
  return isLoading
    ? 'Event types are being read.'
    : 'A preview needs an event type: import a catalogue, or make one, under Event types.';
}

/** The settings that a request shows: those, and no others, are what a preview takes beside its sample. */
const shown: Record<keyof Omit<Schema<'PreviewRequest'>, 'eventType' | 'data'>, true> = {
  url: true,
  method: true,
  format: true,
  headers: true,
  auth: true,
  clientCertificate: true,
  caCertificates: true,
  externalSystemId: true,
  payloadTemplate: true,
};

/** The settings of a form that the request depends on. */
function previewedBy(form: WebhookForm, sample: Sample, id: string | undefined): Previewed {
  const values = form.getValues();
  const settings = id === undefined ? settingsOf(values) : changesOf(values, form.getInitialValues());
  const previewed = Object.entries(settings).filter(([field]) => Object.hasOwn(shown, field));
  return { id, ...Object.fromEntries(previewed), ...sampleBody(sample) };
}

/** The dry run that a form's changes stand for. */
function dryRunOf(
  form: WebhookForm,
  webhookId: string | undefined,
  template: unknown,
  isJson: boolean,
): { body: Schema<'NewDryRun'> | undefined; why?: string } {
  const { eventTypes, format } = form.getValues();
  if (!isJson) return { body: undefined, why: 'The template is not JSON yet.' };
  const changes = { payloadTemplate: template ?? null, format };
  if (webhookId !== undefined) return { body: { webhookId, ...changes } };
  if (eventTypes.length > 0) return { body: { eventTypes, ...changes } };
  return { body: undefined, why: 'Choose event types first.' };
}
