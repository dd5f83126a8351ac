import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from '../../generated/contract.js';
import { acting } from './acting.js';
import { ProblemError, problemOf } from './problem.js';

/** Names the environment of the address, and for the root key its organization; a call that is not done throws its problem. */
const console_: Middleware = {
  onRequest({ request }) {
    const { environment, organizationId } = acting();
    // A call may name another environment itself.
    if (environment !== undefined && !request.headers.has('postrider-environment')) {
      request.headers.set('postrider-environment', environment);
    }
    if (organizationId !== undefined) request.headers.set('postrider-organization', organizationId);
    return request;
  },
  async onResponse({ response }) {
    if (response.ok) return undefined;
    throw new ProblemError(await problemOf(response));
  },
  onError() {
    throw new ProblemError({
      title: 'Postrider cannot be reached',
      status: 0,
      detail: 'The call did not arrive. Check that Postrider runs and that you are online, then try again.',
      code: 'unreachable',
      errors: [],
    });
  },
};

/**
 * Calls of the API, typed by its own contract: `api.GET('/v1/webhooks/{id}', { params: { path: { id } } })`. Give it the
 * `signal` of a query. Throws a `ProblemError`; wrap a call in `dataOf` for its body alone.
 */
export const api = createClient<paths>({ baseUrl: window.location.origin });
api.use(console_);

/** The body of a successful call. */
export async function dataOf<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** The body of a successful read with its ETag, to be given back as `If-Match` with a change. */
export async function revisionOf<T>(call: Promise<{ data?: T; response: Response }>): Promise<Revision<T>> {
  const { data, response } = await call;
  return { data: data as T, etag: response.headers.get('etag') ?? '*' };
}

/** A thing as it was read. */
export interface Revision<T> {
  data: T;
  etag: string;
}

/** The header that lets a change hold only onto what was read; somebody else's change in between is a `precondition_failed`. */
export function ifMatch(etag: string): { 'if-match': string } {
  return { 'if-match': etag };
}
