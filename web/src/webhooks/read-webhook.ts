import { api, revisionOf, type Revision } from '../api/client.js';
import type { Schema } from '../api/schemas.js';

/** A webhook with its ETag, as it is now. */
export async function readWebhook(id: string, signal?: AbortSignal): Promise<Revision<Schema<'Webhook'>>> {
  return revisionOf(
    api.GET('/v1/webhooks/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }),
  );
}
