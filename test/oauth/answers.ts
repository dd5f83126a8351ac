import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';

/** What stands in an answer where the server puts what it was sent. */
export const echo = '<what the client sent>';

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(echo));

const anything = fc.oneof(text, fc.anything({ maxDepth: 2, withNullPrototype: true }).map(jsonOf));

/** A JSON text of what is about an answer of RFC 6749, 5: now and then something else in the place of each value. */
const tokenJson = fc
  .record(
    {
      access_token: fc.oneof({ weight: 4, arbitrary: fc.stringMatching(/^[\w.~+/-]{1,40}$/) }, anything),
      token_type: fc.oneof(fc.constantFrom('Bearer', 'bearer', 'mac', 'DPoP'), anything),
      expires_in: fc.oneof(
        fc.integer(),
        fc.double(),
        fc.constantFrom('3600', '-1', '1e9', 1e300, -0, 0, Number.MAX_SAFE_INTEGER),
        anything,
      ),
      error: fc.oneof(fc.constantFrom('invalid_client', 'invalid_grant', echo), anything),
      error_description: anything,
    },
    { requiredKeys: [] },
  )
  .map((answer) => JSON.stringify(answer))
  // Numbers that JSON can write and JavaScript cannot hold.
  .chain((json) =>
    fc.constantFrom(json, json.replace(/"expires_in":[^,}]+/, '"expires_in":1e999'), `${json}]`),
  );

const body = fc.oneof(
  { weight: 5, arbitrary: tokenJson.map((json) => Buffer.from(json)) },
  { weight: 1, arbitrary: fc.json().map((json) => Buffer.from(json)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      Buffer.from('['.repeat(60_000)),
      Buffer.from(`{"access_token":"${'x'.repeat(70_000)}"}`),
      Buffer.from(`{"__proto__":{"access_token":"t"}}`),
      Buffer.from(`\ufeff{"access_token":"t"}`),
    ),
  },
);

const oddHeader = fc.constantFrom(
  'content-length: -1',
  'content-length: 99999999999999999999',
  'content-length: 1\r\ncontent-length: 2',
  'transfer-encoding: chunked',
  'transfer-encoding: gzip, chunked',
  'content-encoding: gzip',
  'content-encoding: br, unknown',
  'content-type: text/html; charset=utf-7',
  'connection: upgrade\r\nupgrade: h2c',
  'location: http://10.0.0.1/',
  'set-cookie: a=b',
  `x-echo: ${echo}`,
  'x-\x80: \xff\xfe',
  ' folded: line',
  'no colon',
  ': no name',
  `x: ${'y'.repeat(100_000)}`,
);

/** An answer of HTTP, more or less. */
const http = fc
  .record({
    version: fc.oneof(
      { weight: 9, arbitrary: fc.constant('HTTP/1.1') },
      fc.constantFrom('HTTP/1.0', 'HTTP/9.9', 'ICY'),
    ),
    status: fc.oneof(
      { weight: 6, arbitrary: fc.constant(200) },
      fc.constantFrom(100, 101, 103, 201, 204, 301, 304, 400, 401, 429, 500, 503, 599, 999, 20, -1),
    ),
    reason: fc.oneof({ weight: 5, arbitrary: fc.constant('OK') }, fc.constantFrom('', echo, '\x7f\0')),
    headers: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(oddHeader, { maxLength: 3 })),
    body,
    isZipped: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
    saysLength: fc.boolean(),
  })
  .map(({ version, status, reason, headers, isZipped, saysLength, ...answer }) => {
    const sent = isZipped ? gzipSync(answer.body) : answer.body;
    const lines = [
      `${version} ${status} ${reason}`,
      ...headers,
      ...(isZipped ? ['content-encoding: gzip'] : []),
      ...(saysLength ? [`content-length: ${sent.length}`] : []),
      '',
      '',
    ];
    return lines.join('\r\n') + sent.toString('latin1');
  });

/** What a token endpoint may answer before it closes the connection: a character for each byte (latin1). */
export const answers = fc.oneof(
  { weight: 12, arbitrary: http },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  },
);

function jsonOf(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)) ??
      'null',
  );
}
