import { Schema } from 'mongoose';
import type { Sealed } from '../crypto/key-ring.js';
import { embeddedOptions } from './options.js';

/** A client certificate (PEM, with what it is signed by after it) as it is stored: its key is sealed for the record. */
export interface StoredClientCertificate {
  certificate: string;
  privateKey: Sealed;
}

/** What a webhook or an external system says of TLS with its receiver; absent in records that are older than that. */
export interface StoredTls {
  clientCertificate?: StoredClientCertificate | null;
  /** Authorities (PEM) that are trusted there beside the well-known ones. */
  caCertificates?: string | null;
}

/** What a record says of TLS, without its other fields. */
export function tlsOf({ clientCertificate = null, caCertificates = null }: StoredTls): Required<StoredTls> {
  return { clientCertificate, caCertificates };
}

/** The paths of `StoredTls`. */
export const tlsPaths = {
  clientCertificate: {
    type: new Schema({ certificate: String, privateKey: String }, embeddedOptions),
    default: null,
  },
  caCertificates: { type: String, default: null },
} as const;
