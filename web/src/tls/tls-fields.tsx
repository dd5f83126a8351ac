import { Stack, Text, Textarea, type TextareaProps } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schema } from '../api/schemas.js';
import { mask } from '../auth/auth-values.js';
import { SecretInput } from '../auth/secret-input.js';
import { Time } from '../show/time.js';
import type { TlsValues } from './tls-values.js';

type Path = 'caCertificates' | `clientCertificate.${keyof TlsValues['clientCertificate']}`;

/** The certificate that is shown to a receiver, and the authorities that are trusted there alone. */
export function TlsFields({
  values: { clientCertificate },
  saved,
  field,
}: {
  values: TlsValues;
  /** What is saved, as the API shows it. */
  saved?: Schema<'Webhook'>['clientCertificate'] | undefined;
  /** The properties of the field of that path, with its error. */
  field: (path: Path) => object;
}): ReactNode {
  const { certificate, privateKey } = clientCertificate;
  const isKept = privateKey === mask;
  return (
    <Stack gap="sm">
      <PemInput
        label="Client certificate (optional)"
        description="Shown to a receiver or its token endpoint that asks for one (mutual TLS). Those of its issuers can follow it."
        placeholder="-----BEGIN CERTIFICATE-----"
        {...field('clientCertificate.certificate')}
      />
      {saved && certificate === saved.certificate ? (
        <Text size="sm" c="dimmed">
          {saved.subject}, issued by {saved.issuer}; expires <Time at={saved.expiresAt} />
        </Text>
      ) : null}
      {certificate === '' ? null : (
        <PemInput
          label="Private key"
          description={isKept ? 'Stored; paste another to replace it' : undefined}
          placeholder="-----BEGIN PRIVATE KEY-----"
          {...field('clientCertificate.privateKey')}
        />
      )}
      {certificate !== '' && /ENCRYPTED/.test(privateKey) ? (
        <SecretInput label="Passphrase of the private key" {...field('clientCertificate.passphrase')} />
      ) : null}
      <PemInput
        label="Private authorities (optional)"
        description="Certificates of authorities that are trusted for this receiver and its token endpoint alone, beside the well-known ones."
        placeholder="-----BEGIN CERTIFICATE-----"
        {...field('caCertificates')}
      />
    </Stack>
  );
}

function PemInput(props: TextareaProps): ReactNode {
  return (
    <Textarea
      autosize
      minRows={1}
      maxRows={5}
      autoComplete="off"
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
      {...props}
    />
  );
}
