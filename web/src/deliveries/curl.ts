import type { Schema } from '../api/schemas.js';

/** What curl sets by itself, and would contradict where it stands twice. */
const own = new Set(['content-length', 'host', 'connection', 'transfer-encoding', 'accept-encoding']);

/** The request of an attempt as a command for a shell. Secrets are masked in it, as they are in the record. */
export function curlOf({ method, url, headers, body }: Schema<'Attempt'>['request']): string {
  const parts = [
    `curl --request ${quoted(method)} --url ${quoted(url)}`,
    ...headers
      .filter(({ name }) => !own.has(name.toLowerCase()))
      .map(({ name, value }) => `--header ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quoted(body)}`]),
  ];
  return parts.join(' \\\n  ');
}

/** In single quotes nothing means anything to a POSIX shell but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
