import { Stack, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { AuthFields } from '../auth/auth-fields.js';
import { TlsFields } from '../tls/tls-fields.js';
import type { ExternalSystem } from './external-systems.js';
import { errorUnder } from '../form/error-under.js';
import type { ExternalSystemForm } from './external-system-form.js';

/** What an external system is: where, and how to prove who calls. */
export function ExternalSystemFields({
  form,
  saved,
}: {
  form: ExternalSystemForm;
  saved?: ExternalSystem | undefined;
}): ReactNode {
  const { origins, auth } = form.getValues();
  return (
    <Stack gap="lg">
      <TextInput label="Name" withAsterisk autoComplete="off" {...form.getInputProps('name')} />
      <TextInput
        label="Base URL"
        withAsterisk
        description="Webhooks that use it can name a path under it."
        placeholder="https://api.example.com/v2"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('baseUrl')}
      />
      <AuthFields
        values={auth}
        stored={form.getInitialValues().auth}
        field={(name) => form.getInputProps(`auth.${name}`)}
        onChange={(values) => form.setFieldValue('auth', values)}
      />
      <TlsFields
        values={form.getValues()}
        saved={saved?.clientCertificate}
        field={(path) => form.getInputProps(path)}
      />
      <TagsInput
        label="Other origins (optional)"
        description="The credential goes to the base URL’s origin, and to these; nowhere else. Enter adds one."
        placeholder={origins.length === 0 ? 'https://hooks.example.com' : ''}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        data-path="origins"
        error={errorUnder(form.errors, 'origins')}
        value={origins}
        onChange={(next) => {
          form.setFieldValue('origins', next);
          form.clearErrors();
        }}
      />
    </Stack>
  );
}
