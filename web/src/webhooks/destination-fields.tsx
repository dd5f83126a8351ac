import {
  Anchor,
  NumberInput,
  Select,
  SegmentedControl,
  Input,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useLinks } from '../address/links.js';
import { AuthFields } from '../auth/auth-fields.js';
import { noAuth } from '../auth/auth-values.js';
import { TlsFields } from '../tls/tls-fields.js';
import { noTls } from '../tls/tls-values.js';
import { useExternalSystems } from '../external-systems/external-systems.js';
import type { Schema } from '../api/schemas.js';
import { asTyped } from '../form/as-typed.js';
import type { WebhookForm } from './webhook-form.js';

/** Where a webhook sends, and under which name it is known. */
export function DestinationFields({ form }: { form: WebhookForm }): ReactNode {
  const { externalSystemId } = form.getValues();
  const system = useExternalSystems().find(({ id }) => id === externalSystemId);
  return (
    <Stack gap="md">
      <TextInput
        label="URL"
        withAsterisk
        description={
          system ? `A path under ${system.baseUrl}, or a full URL of one of its origins` : undefined
        }
        placeholder={system ? '/hooks' : 'https://example.com/hooks'}
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('url')}
      />
      <TextInput
        label="Name"
        placeholder={nameFrom(form.getValues().url)}
        autoComplete="off"
        {...form.getInputProps('name')}
      />
    </Stack>
  );
}

function nameFrom(url: string): string {
  return URL.canParse(url) && new URL(url).host !== '' ? new URL(url).host : 'The host of the URL';
}

type SavedCertificate = Schema<'Webhook'>['clientCertificate'] | undefined;

/** The credential: an external system's, which many webhooks share, or the webhook's own. */
export function CredentialFields({
  form,
  saved,
}: {
  form: WebhookForm;
  saved?: SavedCertificate;
}): ReactNode {
  const to = useLinks();
  const systems = useExternalSystems();
  const { externalSystemId, auth } = form.getValues();
  const system = systems.find(({ id }) => id === externalSystemId);
  return (
    <Stack gap="md">
      {systems.length > 0 || externalSystemId !== null ? (
        <Select
          label="External system (optional)"
          description="Gives the base URL and the credential; a change of it holds for all its webhooks."
          placeholder="None: this webhook has its own"
          clearable
          searchable
          data={systems.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('externalSystemId')}
          onChange={(id: string | null) => {
            form.setFieldValue('externalSystemId', id);
            form.clearFieldError('externalSystemId');
            // Only one of the two gives the auth.
            if (id !== null) form.setValues({ auth: noAuth, ...noTls });
          }}
        />
      ) : null}
      {externalSystemId === null ? (
        <AuthFields
          values={auth}
          stored={form.getInitialValues().auth}
          field={(name) => form.getInputProps(`auth.${name}`)}
          onChange={(values) => form.setFieldValue('auth', values)}
        />
      ) : null}
      {externalSystemId === null ? (
        <TlsFields values={form.getValues()} saved={saved} field={(path) => form.getInputProps(path)} />
      ) : (
        <Text size="sm" c="dimmed">
          Authenticated as{' '}
          <Anchor component={Link} to={to('external-systems', externalSystemId)} inherit>
            {system?.name ?? externalSystemId}
          </Anchor>{' '}
          says.
        </Text>
      )}
    </Stack>
  );
}

/** The verb, and how long an exchange may take. */
export function ExchangeFields({ form }: { form: WebhookForm }): ReactNode {
  return (
    <SimpleGrid cols={2}>
      <Input.Wrapper label="Verb" labelElement="div" error={form.errors['method']}>
        <SegmentedControl
          fullWidth
          aria-label="Verb"
          data={['POST', 'PUT']}
          value={form.getValues().method}
          onChange={(method) => form.setFieldValue('method', method === 'PUT' ? 'PUT' : 'POST')}
        />
      </Input.Wrapper>
      <NumberInput
        label="Timeout"
        suffix=" s"
        min={0.1}
        max={60}
        step={1}
        decimalScale={1}
        {...asTyped}
        data-path="timeoutMs"
        error={form.errors['timeoutMs']}
        value={form.getValues().timeoutMs / 1_000}
        onChange={(seconds) => form.setFieldValue('timeoutMs', Math.round(Number(seconds) * 1_000))}
      />
    </SimpleGrid>
  );
}
