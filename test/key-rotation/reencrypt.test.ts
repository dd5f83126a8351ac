import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../../src/config/secret.js';
import { KeyRing, keyIdOf, type Sealed } from '../../src/crypto/key-ring.js';
import { takeCensus } from '../../src/key-rotation/census.js';
import { reencrypt, RotationRefused } from '../../src/key-rotation/reencrypt.js';
import { sealedFields } from '../../src/models/sealed-fields.js';
import { makeAuthority } from '../support/certificates.js';
import type { Loose } from '../support/api.js';
import { OAuthServer } from '../support/oauth-server.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { Receiver } from '../support/receiver.js';
import { runProgram } from '../support/run-program.js';
import { subscribe, type Subscribed } from '../support/subscribe.js';
import { waitFor } from '../support/wait.js';

const oldKey = KeyRing.generate('old');
const newKey = KeyRing.generate('new');
/** That of the command: what is written is sealed with the new key. */
const newRing = KeyRing.parse(`${newKey},${oldKey}`);
const url = 'https://example.com/hook';
const looksSealed = `old.${'A'.repeat(60)}`;
const client = { clientId: 'books', clientSecret: 'client-secret-of-the-test' };
const user = { username: 'ada', password: 'password-of-the-test' };

let postrider: TestPostrider;
let receiver: Receiver;
let oauth: OAuthServer;
let withOAuth: Subscribed;
/** The paths of what was made, with what its answer and its entity tag were before. */
const before = new Map<string, { body: unknown; etag: string | null }>();

beforeAll(async () => {
  // As it is between the two restarts of a rotation: the process can read what the new key seals, and seals with the old one.
  [postrider, receiver, oauth] = await Promise.all([
    startTestPostrider({ env: { POSTRIDER_ENCRYPTION_KEYS: `${oldKey},${newKey}` } }),
    Receiver.start(),
    OAuthServer.start({ ...client, ...user }),
  ]);
  const { api } = postrider;
  const oauthClient = { tokenUrl: oauth.tokenUrl, ...client };
  const auths = [
    { type: 'header', name: 'X-Whatever', value: 'header-value' },
    { type: 'bearer', token: 'bearer-token' },
    { type: 'basic', username: 'ada', password: 'basic-password' },
    { type: 'oauth2_client_credentials', ...oauthClient },
    { type: 'oauth2_password', ...oauthClient, ...user },
  ];
  const secret = `whsec_${Buffer.from('a signing secret of the test').toString('base64')}`;
  const headers = [
    // Looks sealed, and is not: it is shown as it is, and stays so.
    { name: 'X-Plain', value: looksSealed, secret: false },
    { name: 'X-Api-Key', value: 'a header that is secret' },
  ];
  const { cert: certificate, key: privateKey } = await (await makeAuthority()).client('ada');
  const clientCertificate = { certificate, privateKey };
  const made: [path: string, body: object][] = [
    ['/v1/webhooks', { url, clientCertificate }],
    ['/v1/external-systems', { name: 'tls', baseUrl: 'https://example.com', clientCertificate }],
    ...auths.flatMap((auth): [string, object][] => [
      ['/v1/webhooks', { url, auth, headers }],
      ['/v1/external-systems', { name: 'system', baseUrl: 'https://example.com', auth }],
    ]),
    ...[
      { type: 'header', header: 'x-key', value: 'source-key' },
      { type: 'hmac_sha256', header: 'x-signature', secret: 'hmac-secret' },
      { type: 'standard_webhooks', secret },
    ].map((verification): [string, object] => ['/v1/sources', { kind: 'callback', verification }]),
  ];
  for (const [path, body] of made) {
    const { id } = await api.make(path, body);
    if (path === '/v1/webhooks') await api.make(`${path}/${id}/rotate-secret`);
    before.set(`${path}/${id}`, { body: null, etag: null });
  }
  // Its token is cached, sealed too.
  withOAuth = await subscribe(api, {
    url: receiver.url(),
    auth: { type: 'oauth2_client_credentials', ...oauthClient },
  });
  await postrider.over(await withOAuth.publish());
  before.set(`/v1/webhooks/${withOAuth.webhookId}`, { body: null, etag: null });
  for (const path of before.keys()) {
    const { body, headers: answered } = await api.get(path);
    before.set(path, { body, etag: answered.get('etag') });
  }
});

afterAll(async () => {
  await Promise.all([postrider.stop(), receiver.stop(), oauth.stop()]);
});

/** Everything that stands in the database. */
async function dump(): Promise<string> {
  const { db } = postrider.ctx.connection;
  if (!db) throw new Error('not connected');
  const collections = await db.listCollections().toArray();
  const all = await Promise.all(
    collections.map(async ({ name }) => JSON.stringify(await db.collection(name).find().toArray())),
  );
  return all.join('\n');
}

/** Whatever looks sealed with a key, wherever it stands. */
function sealedWith(keyId: string, text: string): string[] {
  return text.match(new RegExp(`(?<=")${keyId}\\.[\\w-]{38,}(?=")`, 'g')) ?? [];
}

function silent(): void {}

/** Runs a command of the program, on this test's database. */
async function command(
  name: string,
  keys: string,
  other: Record<string, string> = {},
): Promise<{ code: number; text: string }> {
  const { config } = postrider.ctx;
  return runProgram([name], {
    MONGODB_URI: config.mongodb.uri?.reveal() ?? '',
    POSTRIDER_DATA_DIR: config.dataDir,
    POSTRIDER_ENCRYPTION_KEYS: keys,
    POSTRIDER_CACHE_DIR: process.env['POSTRIDER_CACHE_DIR'] ?? '',
    ...other,
  });
}

describe('encrypting again', () => {
  it('is refused where a stored secret needs a key that is not given, and writes nothing', async () => {
    const stored = await dump();
    const refused = command('reencrypt', newKey);
    expect(await refused).toMatchObject({
      code: 1,
      text: expect.stringMatching(/keys that are not given: old \(\d+ secrets\)/),
    });
    expect((await refused).text).not.toMatch(/\n\s+at /);
    expect(sealedWith('new', await dump())).toEqual([]);
    expect(sealedWith('old', await dump())).toHaveLength(sealedWith('old', stored).length);
  });

  it('is refused while a process runs that could not read what is written', async () => {
    const unknown = KeyRing.parse(`${KeyRing.generate('newer')},${newKey},${oldKey}`);
    await expect(reencrypt(postrider.ctx.models, unknown, silent)).rejects.toThrow(RotationRefused);
    await expect(reencrypt(postrider.ctx.models, unknown, silent)).rejects.toThrow(
      `process ${process.pid}. Restart them with it.`,
    );
  });

  it('can be ended after any batch, and goes on where it was', async () => {
    const { models } = postrider.ctx;
    const ended = reencrypt(models, newRing, () => {
      throw new Error('ended after its first batch');
    });
    await expect(ended).rejects.toThrow('ended after its first batch');
    const census = await takeCensus(models);
    expect(census.get('new')).toBeGreaterThan(0);
    expect(census.get('old')).toBeGreaterThan(0);
  });

  it('leaves to a change by others what they have changed, and seals that', async () => {
    const { models, keyRing, connection } = postrider.ctx;
    const id = (
      await postrider.api.make('/v1/external-systems', {
        name: 'changed meanwhile',
        baseUrl: 'https://example.com',
        auth: { type: 'bearer', token: 'before' },
      })
    ).id as string;
    const session = await connection.startSession();
    // A change that is not there yet: the command reads what was before it, and its write waits for it to end.
    session.startTransaction();
    const token = keyRing.seal(new Secret('changed meanwhile'), id);
    await models.externalSystems.updateOne(
      { _id: id },
      { $set: { auth: { type: 'bearer', token } } },
      { session },
    );
    const lines: string[] = [];
    const running = reencrypt(models, newRing, (line) => lines.push(line));
    await waitFor('the write of the command', async () => {
      const operations = await connection
        .getClient()
        .db('admin')
        .aggregate([{ $currentOp: {} }, { $match: { op: 'update', 'command.q._id': id } }])
        .toArray();
      return operations.length > 0;
    });
    await session.commitTransaction();
    await session.endSession();
    const { unreadable, census } = await running;
    expect(unreadable).toEqual([]);
    expect(lines).toContain('1 records were changed meanwhile: looking again');
    const record = await models.externalSystems.findById(id).lean();
    const { token: sealed } = (record?.auth ?? {}) as { token: Sealed };
    expect(keyIdOf(sealed)).toBe('new');
    expect(newRing.open(sealed, id).reveal()).toBe('changed meanwhile');
    expect([...census.keys()]).toEqual(['new']);
  });

  it('leaves nothing of the old key anywhere, in each field of the table', async () => {
    const text = await dump();
    // The header that only looks so.
    expect([...new Set(sealedWith('old', text))]).toEqual([looksSealed]);
    expect(sealedWith('new', text).length).toBeGreaterThan(30);
    for (const [collection, paths] of Object.entries(sealedFields)) {
      for (const path of Object.keys(paths)) {
        const stored = await postrider.ctx.connection
          .collection(collection)
          .countDocuments({ [path.replaceAll('.*', '')]: /^new\./ });
        expect({ collection, path, stored: stored > 0 }).toEqual({ collection, path, stored: true });
      }
    }
  });

  it('changes nothing that anybody sees, entity tags included', async () => {
    for (const [path, { body, etag }] of before) {
      const answer = await postrider.api.get(path);
      expect({ path, body: answer.body as unknown, etag: answer.headers.get('etag') }).toEqual({
        path,
        body,
        etag,
      });
    }
  });

  it('keeps what is sealed usable: a delivery signs and proves itself as before, by the token that is cached', async () => {
    await postrider.over(await withOAuth.publish());
    const [first, second] = await receiver.received(2);
    expect(second?.headers.authorization).toBe(first?.headers.authorization);
    expect(oauth.requests).toHaveLength(1);
  });

  it('tells what each key has encrypted, and when one may be removed', async () => {
    expect(await command('encryption-keys', `${newKey},${oldKey}`)).toEqual({
      code: 0,
      text: expect.stringMatching(
        / new: \d+ secrets; encrypts\n  old: 0 secrets; needed: .*process \d+ still encrypts with it/,
      ),
    });
    const another = await startTestPostrider({
      env: { POSTRIDER_ENCRYPTION_KEYS: `${newKey},${oldKey}`, POSTRIDER_ROLE: 'api' },
    });
    try {
      const { code, text } = await command('reencrypt', `${newKey},${oldKey}`, {
        MONGODB_URI: another.ctx.config.mongodb.uri?.reveal() ?? '',
      });
      expect(text).toContain('0 records were encrypted with new.');
      expect(text).toContain('old: 0 secrets; may be removed');
      expect(code).toBe(0);
    } finally {
      await another.stop();
    }
  });
});

describe('a data directory of its own', () => {
  it('gets a new key in front, and its database is encrypted with it, without the rest of the stack', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'postrider-rotation-'));
    const own = { POSTRIDER_DATA_DIR: directory, MONGODB_URI: '', POSTRIDER_ENCRYPTION_KEYS: '' };
    try {
      const made = await command('new-encryption-key', '', own);
      expect(made).toEqual({
        code: 0,
        text: expect.stringContaining(`The key k2 is now in front in ${directory}`),
      });
      const { encryption }: Loose = JSON.parse(await readFile(join(directory, 'keys.json'), 'utf8'));
      expect(KeyRing.parse(encryption).ids).toEqual(['k2', 'k1']);
      expect(made.text).not.toContain(encryption.slice(3, 40));
      const { code, text } = await command('reencrypt', '', own);
      expect(text).toContain('k1: 0 secrets; may be removed');
      expect(text).not.toContain('Temporal');
      expect(code).toBe(0);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
