import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '../../src/config/secret.js';
import { createContext, type OpenContext } from '../../src/create-context.js';
import type { TokenResult } from '../../src/oauth/access-tokens.js';
import type { OAuthClient } from '../../src/oauth/token-request.js';
import { OAuthServer } from '../support/oauth-server.js';
import { startTestPostrider, type TestPostrider } from '../support/postrider.js';
import { waitFor } from '../support/wait.js';

const tenant = { organizationId: 'org_1', environment: 'sandbox' as const };
const credentials = { clientId: 'postrider', clientSecret: 'client-secret' };

/** Two processes' worth of Postrider, on one database. */
let postrider: TestPostrider;
let other: OpenContext;
let oauth: OAuthServer;

beforeAll(async () => {
  postrider = await startTestPostrider();
  const { ctx, keys } = postrider;
  other = await createContext(
    ctx.config,
    {
      mongodbUri: ctx.config.mongodb.uri?.reveal() ?? '',
      temporalAddress: ctx.config.temporal.address ?? '',
      temporalUiUrl: undefined,
      keys,
    },
    { logger: ctx.logger },
  );
});

beforeEach(async () => {
  oauth = await OAuthServer.start(credentials);
});

afterEach(async () => {
  await oauth.stop();
});

afterAll(async () => {
  await other.close();
  await postrider.stop();
});

function client(): OAuthClient {
  return {
    type: 'oauth2_client_credentials',
    tokenUrl: oauth.tokenUrl,
    clientId: credentials.clientId,
    clientSecret: new Secret(credentials.clientSecret),
    clientAuth: 'basic',
  };
}

function text(result: TokenResult): string {
  return result.ok ? result.token.reveal() : result.message;
}

describe('an access token', () => {
  it('is fetched once, however many ask at the same time and in how many processes', async () => {
    const asked = [postrider.ctx, other.ctx].flatMap(({ accessTokens }) =>
      Array.from({ length: 100 }, async () => accessTokens.get(tenant, client())),
    );
    const results = await Promise.all(asked);
    expect(new Set(results.map(text))).toEqual(new Set(oauth.issued));
    expect(oauth.requests).toHaveLength(1);
  });

  it('is the same for whoever has the same credentials, and another for a changed one', async () => {
    const { accessTokens } = postrider.ctx;
    const record = { ...tenant, _id: 'webhook-1', name: 'of no matter' };
    await accessTokens.get(tenant, client());
    await accessTokens.get(record, client());
    expect(oauth.requests).toHaveLength(1);
    await accessTokens.get({ ...tenant, environment: 'production' }, client());
    await accessTokens.get(tenant, { ...client(), scope: 'all' });
    expect(oauth.requests).toHaveLength(3);
  });

  it('is fetched anew shortly before it expires', async () => {
    oauth.expiresIn = 1;
    const { accessTokens } = postrider.ctx;
    const first = await accessTokens.get(tenant, client());
    const second = await waitFor('another token', async () => {
      const now = await accessTokens.get(tenant, client());
      return text(now) !== text(first) && now;
    });
    expect(text(second)).toBe(oauth.issued[1]);
    expect(first.ok && first.expiresAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('is fetched anew by another process when the one that was fetching died', async () => {
    const { accessTokens, models } = postrider.ctx;
    await accessTokens.get(tenant, client());
    // As a process leaves it that dies in a fetch: nothing cached, and its lease runs out.
    await models.accessTokens.updateMany(
      {},
      { $set: { token: null, leaseUntil: new Date(Date.now() + 500) } },
    );
    expect(text(await other.ctx.accessTokens.get(tenant, client()))).toBe(oauth.issued[1]);
  });

  it('that was refused is dropped, but never its successor', async () => {
    const { accessTokens } = postrider.ctx;
    const first = await accessTokens.get(tenant, client());
    if (!first.ok) throw new Error(first.message);
    await accessTokens.drop(first.mark);
    const second = await accessTokens.get(tenant, client());
    expect(text(second)).toBe(oauth.issued[1]);
    await accessTokens.drop(first.mark);
    expect(text(await other.ctx.accessTokens.get(tenant, client()))).toBe(oauth.issued[1]);
  });

  it('that cannot be fetched is asked for once by all that wait, and again by who asks later', async () => {
    oauth.broken = 500;
    const asked = [postrider.ctx, other.ctx].flatMap(({ accessTokens }) =>
      Array.from({ length: 20 }, async () => accessTokens.get(tenant, client())),
    );
    const results = await Promise.all(asked);
    expect(results.filter(({ ok }) => ok)).toEqual([]);
    // The two processes may each be the first to ask after the other's failure.
    expect(oauth.requests.length).toBeLessThanOrEqual(2);
    oauth.broken = undefined;
    expect((await other.ctx.accessTokens.get(tenant, client())).ok).toBe(true);
  });

  it('is encrypted where it is kept', async () => {
    const token = text(await postrider.ctx.accessTokens.get(tenant, client()));
    expect(token).toBe(oauth.issued[0]);
    const stored = await postrider.ctx.models.accessTokens.find().lean();
    expect(stored.filter(({ token: sealed }) => sealed !== null).length).toBeGreaterThan(0);
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});
