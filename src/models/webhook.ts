import { Schema } from 'mongoose';
import { embeddedOptions, recordOptions, withText } from './options.js';
import type { Sealed } from '../crypto/key-ring.js';
import type { StoredAuth } from './auth.js';
import { tlsPaths, type StoredTls } from './receiver-tls.js';
import { tenantPaths, type Tenant } from './tenant.js';

export const webhookStates = ['active', 'paused', 'off'] as const;
export type WebhookState = (typeof webhookStates)[number];

/** Why a webhook is paused: somebody asked for it, or Postrider did it because of nothing but failures, or of a 410. */
export const pauseReasons = ['requested', 'failing', 'gone'] as const;
export type PauseReason = (typeof pauseReasons)[number];

export const circuitStates = ['open', 'half_open'] as const;

/** The circuit of an endpoint that is down, as every worker sees it; a closed one is none. */
export interface Circuit {
  /** `open`: nothing leaves but one probe at a time; `half_open`: what waited leaves at a growing rate. */
  state: (typeof circuitStates)[number];
  /** When it opened first: it stays the same until it closes. */
  openedAt: Date;
  /** When it came into its state. */
  since: Date;
  /** When the next probe may leave. */
  probeAt: Date;
  /** Probes that have left since it opened. */
  probes: number;
  /** Whose the last probe is: the id of a delivery, and the number of its attempt. */
  prober: string | null;
}

/** A header of a webhook's own; the value is sealed where `secret` is true. */
export type StoredHeader =
  { name: string; value: string; secret: false } | { name: string; value: Sealed; secret: true };

/** A failed attempt that follows a success, or is the first of all. */
export interface FirstFailure {
  deliveryId: string;
  attempt: number;
  endedAt: Date;
}

/** What happens to the others of a lane when an attempt of its first one fails. */
export type OnFailure = 'block' | 'park' | { skipAfter: number };

/** How the deliveries of a webhook are kept in order. */
export interface StoredOrder {
  /** The path into the event's data whose values have a lane each; null: one lane for all. */
  orderingKey: string | null;
  onFailure: OnFailure;
}

/** A destination. */
export interface WebhookRecord extends Tenant, StoredTls {
  _id: string;
  name: string;
  /** As it was given: with an external system it may be a path under its base URL. */
  url: string;
  nameLower: string;
  urlLower: string;
  method: 'POST' | 'PUT';
  format: 'json' | 'form';
  headers: StoredHeader[];
  auth: StoredAuth;
  externalSystemId: string | null;
  /** JSON text, so that keys such as `$ref` and the order of keys stay as they were given. */
  payloadTemplateJson: string | null;
  timeoutMs: number;
  /** null: the schedule of the configuration. */
  retrySchedule: string[] | null;
  /** Requests a second at most, in the whole deployment; null or absent: as many as come. */
  rateLimit?: number | null;
  /** Requests under way at once, in the whole deployment; null or absent: what each process allows an endpoint. */
  maxConcurrency?: number | null;
  state: WebhookState;
  /** null or absent: each delivery goes on its own. */
  ordered?: StoredOrder | null;
  /** Since when it is paused; null while it is not. */
  pausedAt?: Date | null;
  pausedReason?: PauseReason | null;
  /** Failures for so long pause it; `0s`: never; null: as the configuration says. */
  pauseAfter?: string | null;
  /** Whether the answer 410 pauses it at once. */
  pauseOnGone?: boolean;
  signingSecret: Sealed;
  /** Signs beside the new secret until then, so that receivers can change over. */
  previousSigningSecret: { sealed: Sealed; validUntil: Date } | null;
  /** When the deliveries that wait must be looked at again because of a change; null once they were. */
  settleAt: Date | null;
  /** When the first of the attempts was made that have failed since the last success; null while it succeeds. */
  failingSince?: Date | null;
  /** The first failed attempt of the present run of failures, or of the last one. */
  firstFailure?: FirstFailure | null;
  /** The `failingSince` of the run of failures that was told of by `webhook.failing`, so that it is told once. */
  failingTold?: Date | null;
  circuit?: Circuit | null;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  /** A deleted webhook stays for the history that names it, without its secrets. */
  deletedAt: Date | null;
}

const scope = { organizationId: 1, environment: 1 } as const;
/** Lists pass over what was deleted, however much that is. */
const there = { partialFilterExpression: { deletedAt: null } };

export const webhookSchema = new Schema<WebhookRecord>(
  {
    _id: { type: String, required: true },
    ...tenantPaths,
    name: { type: String, required: true },
    url: { type: String, required: true },
    nameLower: { type: String, required: true },
    urlLower: { type: String, required: true },
    method: { type: String, required: true },
    format: { type: String, required: true },
    headers: {
      type: [new Schema({ name: String, value: String, secret: Boolean }, embeddedOptions)],
      required: true,
    },
    auth: { type: Schema.Types.Mixed, required: true },
    ...tlsPaths,
    externalSystemId: { type: String, default: null },
    payloadTemplateJson: { type: String, default: null },
    timeoutMs: { type: Number, required: true },
    retrySchedule: { type: [String], default: null },
    rateLimit: { type: Number, default: null },
    maxConcurrency: { type: Number, default: null },
    state: { type: String, enum: webhookStates, required: true },
    ordered: {
      type: new Schema({ orderingKey: String, onFailure: Schema.Types.Mixed }, embeddedOptions),
      default: null,
    },
    pausedAt: { type: Date, default: null },
    pausedReason: { type: String, enum: [...pauseReasons, null], default: null },
    pauseAfter: { type: String, default: null },
    pauseOnGone: { type: Boolean, default: false },
    signingSecret: { type: String, required: true },
    previousSigningSecret: {
      type: new Schema({ sealed: String, validUntil: Date }, embeddedOptions),
      default: null,
    },
    settleAt: { type: Date, default: null },
    failingSince: { type: Date, default: null },
    firstFailure: {
      type: new Schema({ deliveryId: String, attempt: Number, endedAt: Date }, embeddedOptions),
      default: null,
    },
    failingTold: { type: Date, default: null },
    circuit: {
      type: new Schema(
        {
          state: { type: String, enum: circuitStates },
          openedAt: Date,
          since: Date,
          probeAt: Date,
          probes: Number,
          prober: String,
        },
        embeddedOptions,
      ),
      default: null,
    },
    revision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    deletedAt: { type: Date, default: null },
  },
  recordOptions,
)
  .index({ ...scope, createdAt: -1, _id: -1 }, there)
  .index({ ...scope, nameLower: 1, _id: 1 }, there)
  .index({ ...scope, urlLower: 1, _id: 1 }, there)
  .index(
    { ...scope, failingSince: 1, _id: 1 },
    { partialFilterExpression: { failingSince: { $gt: new Date(0) } } },
  )
  .index({ externalSystemId: 1 })
  .index({ 'circuit.state': 1 }, withText('circuit.state'))
  .index({ settleAt: 1 });
