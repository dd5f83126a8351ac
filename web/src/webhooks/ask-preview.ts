import { api, dataOf } from '../api/client.js';
import type { Schema } from '../api/schemas.js';

/** Stands in the preview as long as the URL is not filled in. */
const someUrl = 'https://example.com/';

/** Settings to preview: with an `id`, changes of that webhook; without one, a new one. */
export type Previewed = Schema<'PreviewRequest'> & { id?: string | undefined };

/** The preview of `Previewed` settings, given as JSON. */
export async function askPreview(settings: string, signal: AbortSignal): Promise<Schema<'Preview'>> {
  const { id, headers, ...given } = JSON.parse(settings) as Previewed;
  const body = {
    ...given,
    // A row that was only added is no header yet.
    ...(headers ? { headers: headers.filter(({ name }) => name !== '') } : {}),
  };
  if (id !== undefined) {
    return dataOf(api.POST('/v1/webhooks/{id}/preview', { params: { path: { id } }, body, signal }));
  }
  const { url = '' } = body;
  return dataOf(
    api.POST('/v1/webhook-previews', { body: { ...body, url: url === '' ? someUrl : url }, signal }),
  );
}
