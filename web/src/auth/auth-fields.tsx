import { Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { authKinds, withType, type AuthType, type AuthValues } from './auth-values.js';
import { SecretInput } from './secret-input.js';

/** How requests prove who sends them: the kind, and the fields of that kind. Secrets show as a mask, which is kept. */
export function AuthFields({
  values,
  stored,
  field,
  onChange,
}: {
  values: AuthValues;
  /** What is saved. */
  stored: AuthValues;
  /** The properties of the field of that name, with its error. */
  field: (name: keyof AuthValues) => object;
  onChange: (values: AuthValues) => void;
}): ReactNode {
  const { type } = values;
  return (
    <Stack gap="sm">
      <Select
        label="Authentication"
        data={authKinds}
        allowDeselect={false}
        value={type}
        onChange={(next) => onChange(withType(values, stored, next ?? 'none'))}
        error={(field('type') as { error?: ReactNode }).error}
      />
      {type === 'bearer' ? (
        <SecretInput label="Token" description="Sent as Authorization: Bearer …" {...field('token')} />
      ) : null}
      {type === 'header' ? (
        <SimpleGrid cols={2}>
          <TextInput label="Header" placeholder="x-api-key" {...field('name')} />
          <SecretInput label="Key" {...field('value')} />
        </SimpleGrid>
      ) : null}
      {type === 'basic' ? (
        <SimpleGrid cols={2}>
          <TextInput label="User name" autoComplete="off" {...field('username')} />
          <SecretInput label="Password" {...field('password')} />
        </SimpleGrid>
      ) : null}
      {type === 'oauth2_client_credentials' || type === 'oauth2_password' ? (
        <OAuthFields type={type} field={field} />
      ) : null}
    </Stack>
  );
}

function OAuthFields({
  type,
  field,
}: {
  type: AuthType;
  field: (name: keyof AuthValues) => object;
}): ReactNode {
  return (
    <Stack gap="sm">
      <TextInput
        label="Token URL"
        description="Where an access token is fetched; it is kept until shortly before it expires."
        placeholder="https://auth.example.com/oauth/token"
        {...field('tokenUrl')}
      />
      <SimpleGrid cols={2}>
        <TextInput label="Client id" autoComplete="off" {...field('clientId')} />
        <SecretInput label="Client secret" {...field('clientSecret')} />
      </SimpleGrid>
      {type === 'oauth2_password' ? (
        <SimpleGrid cols={2}>
          <TextInput label="User name" autoComplete="off" {...field('username')} />
          <SecretInput label="Password" {...field('password')} />
        </SimpleGrid>
      ) : null}
      <SimpleGrid cols={2}>
        <TextInput label="Scope (optional)" {...field('scope')} />
        <TextInput label="Audience (optional)" {...field('audience')} />
      </SimpleGrid>
      <Select
        label="How the client proves itself"
        allowDeselect={false}
        data={[
          { value: 'basic', label: 'In a header (HTTP Basic)' },
          { value: 'body', label: 'In the form' },
        ]}
        {...field('clientAuth')}
      />
    </Stack>
  );
}
