import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { KeyRing, Sealed } from '../crypto/key-ring.js';
import type { HttpClient } from '../http/client.js';
import type { AccessTokenRecord } from '../models/access-token.js';
import { isDuplicateKey } from '../models/availability.js';
import type { Models } from '../models/models.js';
import type { Tenant } from '../models/tenant.js';
import { Secret } from '../config/secret.js';
import { requestAccessToken, type OAuthClient } from './token-request.js';

/** How long one that fetches may take before another may try: the token request's own timeout, and some. */
const leaseMs = 15_000;
/** How often those that wait for another's fetch look. */
const pollMs = 25;
/** A token server that does not say how long its token lives (RFC 6749, 5.1, only recommends it) gets this. */
const unknownLifetimeS = 300;
/** A token is not used in its last minute, or the last tenth of a short life: it must outlive the request. */
const marginS = 60;

/** A token to use, with the mark under which it can be dropped; or why there is none. */
export type TokenResult =
  { ok: true; token: Secret; mark: TokenMark; expiresAt: Date } | { ok: false; message: string };

/** Names one cached token, so that a 401 drops the token that was refused and never its successor. */
export interface TokenMark {
  readonly id: string;
  readonly sealed: Sealed;
}

/**
 * Gives valid access tokens: cached encrypted in MongoDB, shared by all processes, and fetched by one of
 * many that ask at the same time.
 */
export class AccessTokens {
  readonly #models: Models;
  readonly #keyRing: KeyRing;
  readonly #http: HttpClient;
  readonly #underway = new Map<string, Promise<TokenResult>>();

  constructor(models: Models, keyRing: KeyRing, http: HttpClient) {
    this.#models = models;
    this.#keyRing = keyRing;
    this.#http = http;
  }

  /** A valid token for a tenant's client. Throws only where MongoDB does. */
  async get(tenant: Tenant, client: OAuthClient): Promise<TokenResult> {
    const id = cacheId(tenant, client);
    const underway = this.#underway.get(id);
    if (underway) return underway;
    const result = this.#find(id, client).finally(() => this.#underway.delete(id));
    this.#underway.set(id, result);
    return result;
  }

  /** Fetches a token now, whatever is cached, and caches it. */
  async renew(tenant: Tenant, client: OAuthClient): Promise<TokenResult> {
    return this.#fetch(cacheId(tenant, client), client);
  }

  /** Forgets a token that was refused. */
  async drop(mark: TokenMark): Promise<void> {
    await this.#models.accessTokens.updateOne(
      { _id: mark.id, token: mark.sealed },
      { $set: { token: null, validUntil: null } },
    );
  }

  async #find(id: string, client: OAuthClient): Promise<TokenResult> {
    const asked = new Date();
    for (;;) {
      const record = await this.#models.accessTokens.findById(id).lean();
      const cached = record && this.#cached(record);
      if (cached) return cached;
      if (record?.failure && record.failure.at >= asked)
        return { ok: false, message: record.failure.message };
      if (await this.#lease(id)) return this.#fetch(id, client);
      await delay(pollMs);
    }
  }

  #cached(record: AccessTokenRecord): TokenResult | undefined {
    const { _id: id, token: sealed, validUntil } = record;
    if (sealed === null || validUntil === null || validUntil <= new Date()) return undefined;
    return { ok: true, token: this.#keyRing.open(sealed, id), mark: { id, sealed }, expiresAt: validUntil };
  }

  async #lease(id: string): Promise<boolean> {
    const now = new Date();
    try {
      await this.#models.accessTokens.findOneAndUpdate(
        { _id: id, $or: [{ leaseUntil: null }, { leaseUntil: { $lte: now } }] },
        { $set: { leaseUntil: new Date(now.getTime() + leaseMs), expiresAt: daysFrom(now, 1) } },
        { upsert: true, projection: { _id: 1 } },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async #fetch(id: string, client: OAuthClient): Promise<TokenResult> {
    const answer = await requestAccessToken(this.#http, client).catch(async (error: unknown) => {
      // Trouble of ours says nothing about the token server: the next one that asks may try at once.
      await this.#models.accessTokens.updateOne({ _id: id }, { $set: { leaseUntil: null } });
      throw error;
    });
    const now = new Date();
    if (!answer.ok) {
      await this.#store(id, {
        token: null,
        validUntil: null,
        failure: { message: answer.message, at: now },
        expiresAt: daysFrom(now, 1),
      });
      return { ok: false, message: answer.message };
    }
    const lifetimeS = answer.expiresInS ?? unknownLifetimeS;
    const validUntil = new Date(now.getTime() + (lifetimeS - Math.min(marginS, lifetimeS / 10)) * 1_000);
    const sealed = this.#keyRing.seal(answer.accessToken, id);
    await this.#store(id, { token: sealed, validUntil, failure: null, expiresAt: daysFrom(validUntil, 1) });
    return { ok: true, token: answer.accessToken, mark: { id, sealed }, expiresAt: validUntil };
  }

  async #store(id: string, fields: Omit<AccessTokenRecord, '_id' | 'leaseUntil'>): Promise<void> {
    await this.#models.accessTokens.updateOne(
      { _id: id },
      { $set: { ...fields, leaseUntil: null } },
      { upsert: true },
    );
  }
}

/** Who asks and with what: a changed credential is another token. */
function cacheId(tenant: Tenant, client: OAuthClient): string {
  const parts = Object.entries({ ...tenant, ...client })
    .map(([name, value]) => [name, value instanceof Secret ? value.reveal() : (value ?? null)])
    .toSorted(([a], [b]) => String(a).localeCompare(String(b)));
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function daysFrom(date: Date, days: number): Date {
  return new Date(date.getTime() + days * 86_400_000);
}
