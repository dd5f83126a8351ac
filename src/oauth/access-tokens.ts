import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { KeyRing } from '../crypto/key-ring.js';
import type { HttpClient } from '../http/client.js';
import { tlsKey } from '../http/tls.js';
import type { AccessTokenRecord } from '../models/access-token.js';
import { isDuplicateKey } from '../models/availability.js';
import type { Models } from '../models/models.js';
import { tenantOf, type Tenant } from '../models/tenant.js';
import { Secret } from '../config/secret.js';
import { requestAccessToken, type OAuthClient, type TokenAnswer } from './token-request.js';

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

/** What came of fetching a token now, without the token; `status` is the token server's, null where none came. */
export type Renewal =
  | { ok: true; status: number; expiresAt: Date | null }
  | { ok: false; status: number | null; message: string };

/** Names one cached token by its end, so that a 401 drops the token that was refused and never its successor. */
export interface TokenMark {
  readonly id: string;
  readonly validUntil: Date;
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

  /** Fetches a token now and caches it; where that fails, one that is cached stays. Throws only where MongoDB does. */
  async renew(tenant: Tenant, client: OAuthClient): Promise<Renewal> {
    const { answer, at } = await this.#fetch(cacheId(tenant, client), client);
    if (!answer.ok) return { ok: false, status: answer.status ?? null, message: answer.message };
    const { status, expiresInS } = answer;
    return { ok: true, status, expiresAt: expiresInS === undefined ? null : secondsFrom(at, expiresInS) };
  }

  /** Forgets a token that was refused. */
  async drop(mark: TokenMark): Promise<void> {
    await this.#models.accessTokens.updateOne(
      { _id: mark.id, validUntil: mark.validUntil },
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
      if (await this.#lease(id, asked)) return (await this.#fetch(id, client)).result;
      await delay(pollMs);
    }
  }

  #cached(record: AccessTokenRecord): TokenResult | undefined {
    const { _id: id, token: sealed, validUntil } = record;
    if (sealed === null || validUntil === null || validUntil <= new Date()) return undefined;
    return {
      ok: true,
      token: this.#keyRing.open(sealed, id),
      mark: { id, validUntil },
      expiresAt: validUntil,
    };
  }

  /** False where another one fetches, or has done so since `asked` or since the record was read. */
  async #lease(id: string, asked: Date): Promise<boolean> {
    const now = new Date();
    try {
      await this.#models.accessTokens.findOneAndUpdate(
        {
          _id: id,
          $and: [
            { $or: [{ leaseUntil: null }, { leaseUntil: { $lte: now } }] },
            { $or: [{ token: null }, { validUntil: null }, { validUntil: { $lte: now } }] },
            { $or: [{ failure: null }, { 'failure.at': { $lt: asked } }] },
          ],
        },
        { $set: { leaseUntil: new Date(now.getTime() + leaseMs), expiresAt: daysFrom(now, 1) } },
        { upsert: true, projection: { _id: 1 } },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async #fetch(
    id: string,
    client: OAuthClient,
  ): Promise<{ answer: TokenAnswer; result: TokenResult; at: Date }> {
    const answer = await requestAccessToken(this.#http, client).catch(async (error: unknown) => {
      // Trouble of ours says nothing about the token server: the next one that asks may try at once.
      await this.#models.accessTokens.updateOne({ _id: id }, { $set: { leaseUntil: null } });
      throw error;
    });
    const at = new Date();
    if (!answer.ok) {
      const { message } = answer;
      await this.#store(id, { failure: { message, at } }, daysFrom(at, 1));
      return { answer, result: { ok: false, message }, at };
    }
    const lifetimeS = answer.expiresInS ?? unknownLifetimeS;
    const validUntil = secondsFrom(at, lifetimeS - Math.min(marginS, lifetimeS / 10));
    const sealed = this.#keyRing.seal(answer.accessToken, id);
    await this.#store(id, { token: sealed, validUntil, failure: null }, daysFrom(validUntil, 1));
    const mark = { id, validUntil };
    return { answer, result: { ok: true, token: answer.accessToken, mark, expiresAt: validUntil }, at };
  }

  async #store(id: string, fields: Partial<AccessTokenRecord>, expiresAt: Date): Promise<void> {
    await this.#models.accessTokens.updateOne(
      { _id: id },
      { $set: { ...fields, leaseUntil: null }, $max: { expiresAt } },
      { upsert: true },
    );
  }
}

/** Who asks and with what: a changed credential is another token, as is a changed certificate, to which a token can be bound (RFC 8705, 3). */
function cacheId(tenant: Tenant, { tls, ...client }: OAuthClient): string {
  const parts = Object.entries({ ...tenantOf(tenant), ...client, ...(tls ? { tls: tlsKey(tls) } : {}) })
    .map(([name, value]) => [name, value instanceof Secret ? value.reveal() : (value ?? null)])
    .toSorted(([a], [b]) => String(a).localeCompare(String(b)));
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

function daysFrom(date: Date, days: number): Date {
  return secondsFrom(date, days * 86_400);
}

function secondsFrom(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1_000);
}
