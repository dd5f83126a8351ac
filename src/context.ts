import type { Connection } from 'mongoose';
import type { Guesses } from './api/guesses.js';
import type { Admission } from './admission/admission.js';
import type { Evidence } from './circuit/evidence.js';
import type { Clock } from './clock.js';
import type { Config } from './config/config.js';
import type { KeyRing } from './crypto/key-ring.js';
import type { Configurations } from './configuration/configurations.js';
import type { ConfigurationVersions } from './configuration/versions.js';
import type { Outcome } from './delivery/attempt.js';
import type { AttemptWrite, BodyWrite, StateWrite, Written } from './delivery/attempt-writes.js';
import type { Handover } from './delivery/handover.js';
import type { Dispatcher } from './dispatch/dispatcher.js';
import type { Pace } from './dispatch/pace.js';
import type { Gathering } from './group-commit/gathering.js';
import type { IngestLimit } from './ingestion/ingest-limit.js';
import type { Publications } from './ingestion/publications.js';
import type { ApiKeyRecord } from './models/api-key.js';
import type { HttpClient } from './http/client.js';
import type { Lifecycle } from './lifecycle.js';
import type { Logger } from './logging/logger.js';
import type { Metrics } from './metrics/metrics.js';
import type { Models } from './models/models.js';
import type { AccessTokens } from './oauth/access-tokens.js';
import type { TemporalLink } from './temporal/link.js';

/** What every part works with: built once from the configuration, with overrides for tests. */
export interface Context {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly connection: Connection;
  readonly models: Models;
  readonly keyRing: KeyRing;
  /** What slows down who tries keys. */
  readonly guesses: Guesses;
  /** SHA-256 of the root key. */
  readonly rootKeyHash: string;
  /** The one way out to receivers and token endpoints. */
  readonly http: HttpClient;
  readonly accessTokens: AccessTokens;
  readonly configurationVersions: ConfigurationVersions;
  readonly configurations: Configurations;
  /** API keys by their hash: those that calls ask for at the same time are found together. */
  readonly keyLookups: Gathering<string, ApiKeyRecord | null>;
  /** How many events an organization may publish. */
  readonly ingestLimit: IngestLimit;
  /** Where events are published. */
  readonly publications: Publications;
  readonly attemptWrites: Gathering<AttemptWrite, Written>;
  readonly bodyWrites: Gathering<BodyWrite, void>;
  readonly stateWrites: Gathering<StateWrite, void>;
  /** Whether a webhook is failing now. */
  readonly failingLookups: Gathering<string, boolean>;
  readonly dispatcher: Dispatcher;
  /** What is asked just before an attempt may leave. */
  readonly admission: Admission;
  readonly pace: Pace;
  readonly handover: Handover;
  /** Attempts that this process is making, by delivery and number. */
  readonly attemptsUnderWay: Map<string, Promise<Outcome>>;
  /** Which endpoints are down, by what this process has seen of them. */
  readonly evidence: Evidence;
  /** Webhooks that this process is about to pause: of many attempts that fail at once, one sees to it. */
  readonly pausing: Set<string>;
  readonly metrics: Metrics;
  readonly temporal: TemporalLink;
  /** For links into the Temporal UI; undefined where it is not known. */
  readonly temporalUiUrl: string | undefined;
}
