import { Gathering } from '../group-commit/gathering.js';
import type { Models } from '../models/models.js';
import { native } from '../models/native.js';

/** As many as attempts of a process end at once. */
const mostWebhooks = 500;

/**
 * Which webhooks are failing now, by their ids: where a process is busy, many attempts end long after they have learned of their
 * webhook, and ask again. Those that end while a query is under way share the next one. A webhook that is gone does not fail.
 */
export function gatherFailingLookups(models: Models): Gathering<string, boolean> {
  return new Gathering(
    async (webhookIds) => {
      const found = await native(models.webhooks)
        .find(
          { _id: { $in: [...new Set(webhookIds)] }, failingSince: { $ne: null } },
          { projection: { _id: 1 } },
        )
        .toArray();
      const failing = new Set(found.map(({ _id }) => _id));
      return webhookIds.map((id) => ({ status: 'fulfilled', value: failing.has(id) }));
    },
    { most: mostWebhooks },
  );
}
