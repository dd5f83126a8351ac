import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { Secret } from '../config/secret.js';
import type { KeyRing } from '../crypto/key-ring.js';
import { invalid } from '../errors/problem.js';
import { parseUrl } from '../http/parse-url.js';
import { parseCertificates, secureContextOf } from '../http/tls.js';
import type { StoredClientCertificate, StoredTls } from '../models/receiver-tls.js';
import { MASK } from '../request/headers.js';
import { Timestamp } from './fields.js';

/** A chain of five certificates of the usual size. */
const longestPem = 16_384;

const ClientCertificate = z
  .strictObject({
    certificate: z
      .string()
      .max(longestPem)
      .meta({ description: 'PEM; what it is signed by, up to the root, can stand after it' }),
    privateKey: z
      .string()
      .max(longestPem)
      .meta({
        description: `PEM. A secret: answers show ${MASK}, and ${MASK} in a change keeps what is stored`,
      }),
    passphrase: z
      .string()
      .max(1_024)
      .optional()
      .meta({ description: 'of the private key, where it has one; it is not kept' }),
  })
  .meta({ id: 'ClientCertificate' });
type ClientCertificate = z.infer<typeof ClientCertificate>;

/** What a client can say of TLS with a receiver. */
export const tlsFields = {
  clientCertificate: ClientCertificate.nullable()
    .optional()
    .meta({ description: 'shown to a receiver, or its token endpoint, that asks for one (mutual TLS)' }),
  caCertificates: z.string().max(longestPem).nullable().optional().meta({
    description:
      'PEM: authorities that are trusted for this receiver and its token endpoint alone, beside the well-known ones',
  }),
};

/** The same as answers show it. */
export const shownTlsFields = {
  clientCertificate: z
    .object({
      certificate: z.string(),
      privateKey: z.literal(MASK),
      subject: z.string().meta({ example: 'CN=postrider, O=Example' }),
      issuer: z.string(),
      expiresAt: Timestamp,
      fingerprint: z.string().meta({ description: 'SHA-256, in hex with colons' }),
    })
    .nullable()
    .meta({ id: 'ShownClientCertificate' }),
  caCertificates: z.string().nullable(),
};

/** The first of the fields that is set. */
export function givenTls({ clientCertificate, caCertificates }: StoredTls): keyof StoredTls | undefined {
  if (clientCertificate) return 'clientCertificate';
  return caCertificates ? 'caCertificates' : undefined;
}

/** Throws a 422 Problem where something is said of TLS with a receiver whose URL has none. */
export function requireHttps(tls: StoredTls, url: string): void {
  const field = givenTls(tls);
  if (field !== undefined && parseUrl(url)?.protocol !== 'https:')
    throw fault(field, `is for https alone, and the URL is not`);
}

interface GivenTls {
  clientCertificate?: ClientCertificate | null | undefined;
  caCertificates?: string | null | undefined;
}

/**
 * What is given of TLS as it is stored for the record `owner`: what is not given is left out, so that it stays as it is. Throws a
 * 422 Problem for a certificate that cannot be used: unreadable, expired, or not the one of its key.
 */
export function sealTls(keyRing: KeyRing, owner: string, given: GivenTls, stored: StoredTls = {}): StoredTls {
  const { clientCertificate, caCertificates } = given;
  return {
    ...(clientCertificate === undefined
      ? {}
      : {
          clientCertificate:
            clientCertificate && sealCertificate(keyRing, owner, clientCertificate, stored.clientCertificate),
        }),
    ...(caCertificates === undefined
      ? {}
      : {
          caCertificates: caCertificates === null ? null : readCertificates('caCertificates', caCertificates),
        }),
  };
}

/** What is stored of TLS as answers show it. */
export function showTls({
  clientCertificate,
  caCertificates,
}: StoredTls): z.infer<z.ZodObject<typeof shownTlsFields>> {
  return {
    clientCertificate: clientCertificate ? showCertificate(clientCertificate) : null,
    caCertificates: caCertificates ?? null,
  };
}

function showCertificate({
  certificate,
}: StoredClientCertificate): z.infer<typeof shownTlsFields.clientCertificate> {
  const { subject, issuer, validTo, fingerprint256 } = new X509Certificate(certificate);
  return {
    certificate,
    privateKey: MASK,
    subject: oneLine(subject),
    issuer: oneLine(issuer),
    expiresAt: new Date(validTo).toISOString(),
    fingerprint: fingerprint256,
  };
}

/** Node gives a name as lines, `CN=…` and so on; undefined where it is empty. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

function sealCertificate(
  keyRing: KeyRing,
  owner: string,
  given: ClientCertificate,
  stored: StoredClientCertificate | null | undefined,
): StoredClientCertificate {
  const certificate = readCertificates('clientCertificate.certificate', given.certificate);
  const keepsKey = given.privateKey === MASK;
  if (keepsKey && stored?.certificate === certificate) return stored;
  // The first of them is the client's own.
  const own = new X509Certificate(certificate);
  if (new Date(own.validTo) <= new Date())
    throw fault('clientCertificate.certificate', `expired on ${new Date(own.validTo).toISOString()}`);
  const key = keepsKey ? keptKey(keyRing, owner, stored) : readKey(given);
  if (!own.checkPrivateKey(key)) {
    throw fault('clientCertificate.privateKey', 'is not the key of the certificate');
  }
  const privateKey = new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString());
  try {
    secureContextOf([], { owner, clientCertificate: { certificate, privateKey } });
  } catch {
    throw fault('clientCertificate.certificate', 'cannot be used for TLS: its key or signature is too weak');
  }
  const kept = keepsKey ? stored?.privateKey : undefined;
  return { certificate, privateKey: kept ?? keyRing.seal(privateKey, owner) };
}

function keptKey(
  keyRing: KeyRing,
  owner: string,
  stored: StoredClientCertificate | null | undefined,
): KeyObject {
  if (stored) return createPrivateKey(keyRing.open(stored.privateKey, owner).reveal());
  throw fault('clientCertificate.privateKey', `${MASK} keeps a stored secret, and none is stored`);
}

/** Says nothing of what it has read: OpenSSL's own messages can. */
function readKey({ privateKey, passphrase }: ClientCertificate): KeyObject {
  try {
    return createPrivateKey({
      key: privateKey,
      format: 'pem',
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch {
    const encrypted = /ENCRYPTED/.test(privateKey);
    if (encrypted && passphrase === undefined)
      throw fault('clientCertificate.passphrase', 'is needed: the private key is encrypted');
    if (encrypted) throw fault('clientCertificate.passphrase', 'does not open the private key');
    throw fault('clientCertificate.privateKey', 'must be a private key in PEM (-----BEGIN PRIVATE KEY-----)');
  }
}

function readCertificates(path: string, pem: string): string {
  try {
    return parseCertificates(pem).join('\n');
  } catch (error) {
    throw fault(path, (error as Error).message);
  }
}

function fault(path: string, message: string): Error {
  return invalid([{ path, message }]);
}
