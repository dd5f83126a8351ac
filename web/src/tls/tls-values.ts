import type { Schema } from '../api/schemas.js';
import { mask } from '../auth/auth-values.js';

/** What a form holds of TLS with a receiver, under the names of the API's fields. */
export type TlsValues = {
  clientCertificate: { certificate: string; privateKey: string; passphrase: string };
  caCertificates: string;
};

export const noTls: TlsValues = {
  clientCertificate: { certificate: '', privateKey: '', passphrase: '' },
  caCertificates: '',
};

type ShownTls = Pick<Schema<'Webhook'>, 'clientCertificate' | 'caCertificates'>;

/** What the API shows of it, for a form. */
export function tlsValuesOf({ clientCertificate, caCertificates }: ShownTls): TlsValues {
  const certificate = clientCertificate?.certificate ?? '';
  return {
    clientCertificate: { certificate, privateKey: clientCertificate ? mask : '', passphrase: '' },
    caCertificates: caCertificates ?? '',
  };
}

/** What the API takes of it. */
export function tlsOf({ clientCertificate, caCertificates }: TlsValues): {
  clientCertificate: Schema<'ClientCertificate'> | null;
  caCertificates: string | null;
} {
  const { certificate, privateKey, passphrase } = clientCertificate;
  return {
    clientCertificate:
      certificate.trim() === ''
        ? null
        : { certificate, privateKey, ...(passphrase === '' ? {} : { passphrase }) },
    caCertificates: caCertificates.trim() === '' ? null : caCertificates,
  };
}
