import { generate } from 'selfsigned';

/** A certificate and its private key, both PEM. */
export interface Pem {
  cert: string;
  key: string;
}

/** A certificate authority of a test's own. */
export interface Authority {
  readonly cert: string;
  /** The certificate of `localhost` and 127.0.0.1. */
  server(): Promise<Pem>;
  /** One for a client; `validTo` in the past makes one that has expired. */
  client(name: string, options?: { validTo?: Date; passphrase?: string }): Promise<Pem>;
}

export async function makeAuthority(name = 'authority of the tests'): Promise<Authority> {
  const own = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const ca = { key: own.private, cert: own.cert };
  return {
    cert: own.cert,
    async server() {
      const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        ca,
        extensions: [
          {
            name: 'subjectAltName',
            altNames: [
              { type: 2, value: 'localhost' },
              { type: 7, ip: '127.0.0.1' },
            ],
          },
        ],
      });
      return { key, cert };
    },
    async client(commonName, { validTo, passphrase } = {}) {
      const { private: key, cert } = await generate([{ name: 'commonName', value: commonName }], {
        keyType: 'ec',
        algorithm: 'sha256',
        ca,
        extensions: [{ name: 'extKeyUsage', clientAuth: true }],
        ...(passphrase === undefined ? {} : { passphrase }),
        ...(validTo
          ? { notBeforeDate: new Date(validTo.getTime() - 86_400_000), notAfterDate: validTo }
          : {}),
      });
      return { key, cert };
    },
  };
}
