import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Context } from '../context.js';
import type { KeyHolderRecord } from '../models/key-holder.js';
import type { Models } from '../models/models.js';
import { repeat, type Repeated } from '../worker/repeat.js';

const everyMs = 15_000;
/** A process that was killed, or cut off from MongoDB, counts for so long. */
const countsForMs = 60_000;

/** Tells for as long as this process runs which encryption keys it has, so that nothing is encrypted that it could not read. */
export async function announceKeys({ models, keyRing, logger }: Context): Promise<Repeated> {
  const _id = randomUUID();
  const announce = async (): Promise<void> => {
    const $set = {
      process: `${hostname()}, process ${process.pid}`,
      keyIds: [...keyRing.ids],
      expiresAt: new Date(Date.now() + countsForMs),
    };
    await models.keyHolders.updateOne({ _id }, { $set }, { upsert: true });
  };
  // Before this process seals or opens anything.
  await announce();
  const announcing = repeat('telling of the keys', everyMs, logger, announce);
  return {
    async stop() {
      await announcing.stop();
      await models.keyHolders.deleteOne({ _id }).catch(() => undefined);
    },
  };
}

/** The processes that run. */
export async function keyHolders(models: Models): Promise<KeyHolderRecord[]> {
  return models.keyHolders.find({ expiresAt: { $gt: new Date() } }).lean();
}
