import { Admission } from './admission/admission.js';
import { CircuitGate } from './admission/circuit.js';
import { Comebacks } from './admission/comebacks.js';
import { ConcurrencyGate } from './admission/concurrency.js';
import { RateGate } from './admission/rate.js';
import { SlotGate } from './admission/slots.js';
import { Evidence } from './circuit/evidence.js';
import { systemClock, type Clock } from './clock.js';
import { Guesses } from './api/guesses.js';
import { keyHash } from './api/key-hash.js';
import type { Config } from './config/config.js';
import type { Secret } from './config/secret.js';
import type { Context } from './context.js';
import { KeyRing } from './crypto/key-ring.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { Configurations } from './configuration/configurations.js';
import { ConfigurationVersions } from './configuration/versions.js';
import { gatherAttemptWrites, gatherBodyWrites, gatherStateWrites } from './delivery/attempt-writes.js';
import { Handover } from './delivery/handover.js';
import { Pace } from './dispatch/pace.js';
import { gatherFailingLookups } from './endpoint-health/failing-lookups.js';
import { createHttpClient } from './http/client.js';
import { IngestLimit } from './ingestion/ingest-limit.js';
import { Publications } from './ingestion/publications.js';
import { writeEvents } from './ingestion/write-events.js';
import { gatherKeyLookups } from './keys/lookups.js';
import { Lifecycle } from './lifecycle.js';
import { createLogger, type Logger } from './logging/logger.js';
import { Metrics } from './metrics/metrics.js';
import { connectMongodb } from './models/connection.js';
import { createModels, ensureIndexes } from './models/models.js';
import { AccessTokens } from './oauth/access-tokens.js';
import { TemporalLink } from './temporal/link.js';

/** Where the parts are, and the keys that were given or made up. */
export interface ContextSources {
  mongodbUri: string;
  temporalAddress: string;
  temporalUiUrl: string | undefined;
  keys: { root: Secret; encryption: Secret };
}

/** A context and what it holds open. */
export interface OpenContext {
  readonly ctx: Context;
  readonly link: TemporalLink;
  close(): Promise<void>;
}

/** Connects to MongoDB and builds the context; the link to Temporal connects by itself. Throws where MongoDB cannot be reached. */
export async function createContext(
  config: Config,
  sources: ContextSources,
  overrides: { clock?: Clock; logger?: Logger; pace?: Pace } = {},
): Promise<OpenContext> {
  const logger = overrides.logger ?? createLogger(config.logLevel);
  const keyRing = KeyRing.parse(sources.keys.encryption.reveal());
  const connection = await connectMongodb(sources.mongodbUri);
  const models = createModels(connection);
  await ensureIndexes(models);
  const http = createHttpClient(config.egress);
  const link = new TemporalLink(sources.temporalAddress, config.temporal.namespace, logger);
  const configurationVersions = new ConfigurationVersions(models);
  const comebacks = new Comebacks();
  const ctx: Context = {
    config,
    logger,
    clock: overrides.clock ?? systemClock,
    lifecycle: new Lifecycle(),
    connection,
    models,
    keyRing,
    guesses: new Guesses(),
    rootKeyHash: keyHash(sources.keys.root.reveal()),
    http,
    accessTokens: new AccessTokens(models, keyRing, http),
    configurationVersions,
    configurations: new Configurations(models, configurationVersions),
    keyLookups: gatherKeyLookups(models),
    ingestLimit: new IngestLimit(models, config.ingestRate),
    publications: new Publications(async (publications, options) => writeEvents(ctx, publications, options), {
      waitMs: config.dispatch.groupWaitMs,
      isBusy: () =>
        Math.max(ctx.handover.inHand, ctx.dispatcher.underWayInGroups) >= config.dispatch.groupSize / 2,
    }),
    attemptWrites: gatherAttemptWrites(models),
    bodyWrites: gatherBodyWrites(models),
    stateWrites: gatherStateWrites(models),
    failingLookups: gatherFailingLookups(models),
    dispatcher: new Dispatcher(link, logger, { hasWorker: config.role !== 'api' }),
    // A wait for a rate limit holds no place among the requests under way.
    admission: new Admission([
      new CircuitGate(() => ctx),
      new SlotGate(comebacks),
      new RateGate(models),
      new ConcurrencyGate(models, comebacks),
    ]),
    pace: overrides.pace ?? new Pace(),
    handover: new Handover(),
    attemptsUnderWay: new Map(),
    evidence: new Evidence(),
    pausing: new Set(),
    metrics: new Metrics(models),
    temporal: link,
    temporalUiUrl: sources.temporalUiUrl,
  };
  return {
    ctx,
    link,
    async close() {
      await link.close();
      await http.close();
      await connection.close();
    },
  };
}
