import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { Secret } from '../config/secret.js';

/** A certificate with what it is signed by after it (PEM), and its private key (PEM, PKCS 8, without a passphrase). */
export interface ClientCertificate {
  certificate: string;
  privateKey: Secret;
}

/** How TLS with one receiver differs from that with all others. */
export interface ReceiverTls {
  /** Whose it is: their connections are shared with nobody else's. */
  owner: string;
  /** What proves who sends (mutual TLS), where the receiver asks for it. */
  clientCertificate?: ClientCertificate;
  /** Authorities (PEM) that are trusted here beside the well-known ones. */
  authorities?: readonly string[];
}

/** Names what is the same in a handshake; nothing of a key can be read from it. */
export function tlsKey({ owner, clientCertificate, authorities = [] }: ReceiverTls): string {
  const parts = [
    owner,
    clientCertificate?.certificate,
    clientCertificate?.privateKey.reveal(),
    ...authorities,
  ];
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest('base64url');
}

/** Whom a TLS handshake trusts, and what it shows; undefined where it is the well-known authorities alone, and nothing. */
export function secureContextOf(trust: readonly string[], tls?: ReceiverTls): SecureContext | undefined {
  const authorities = [...trust, ...(tls?.authorities ?? [])];
  const shown = tls?.clientCertificate;
  if (authorities.length === 0 && !shown) return undefined;
  return createSecureContext({
    ...(authorities.length === 0 ? {} : { ca: [...rootCertificates, ...authorities] }),
    ...(shown ? { cert: shown.certificate, key: shown.privateKey.reveal() } : {}),
  });
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM text, in their order. Throws an Error that says what is wrong with it. */
export function parseCertificates(pem: string): string[] {
  const certificates = pem.match(pemCertificate) ?? [];
  try {
    for (const certificate of certificates) void new X509Certificate(certificate);
  } catch {
    throw new Error('holds a certificate that cannot be read');
  }
  if (certificates.length === 0)
    throw new Error('must hold certificates in PEM (-----BEGIN CERTIFICATE-----)');
  return certificates;
}
