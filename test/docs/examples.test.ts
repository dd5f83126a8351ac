import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/wait.js';
import { differences } from './differences.js';
import { Names } from './names.js';
import { examplesOf, type Example } from './notation.js';
import { Stage } from './stage.js';

/*
 * Runs the examples of docs/*.md and README.md, in the order of each page, against a Postrider of the page's own that
 * has nothing in it. How a page writes them:
 *
 *   ```http                                     A request line, headers if it needs more than the key (which is the
 *   POST /v1/webhooks                           admin key of the sandbox and goes without saying), an empty line, and
 *                                               a body.
 *   { "url": "https://example.com/hooks" }
 *   ```
 *
 *   ```json                                     The next fence, where it is `json`, is the answer; with a status
 *   {                                           (```json 422) that one, else any 2xx. A request without one is
 *     "id": "wh_01JD8ZQ5V0",                    expected to succeed. A GET is repeated until its answer fits (60 s).
 *     "url": "https://example.com/hooks",
 *     "createdAt": "2026-01-31T09:30:00.000Z",
 *     "…": "…"
 *   }
 *   ```
 *
 *   …       stands for anything: a whole value ("…"), a part of a string ("whsec_…"), the fields that are not shown
 *           ("…": "…"), the elements that are not shown (a last element "…"). Otherwise nothing may be missing or more.
 *   ids     such as wh_01JD8ZQ5V0, and tokens after /in/, are names: where an answer first shows one it takes its real
 *           value, and stands for it from there on, in requests and answers.
 *   times   in answers stand for any time.
 *   hosts   under example.com are receivers that answer 200; down.example.com answers 503, login.example.com
 *           gives an OAuth token for any client. http://localhost:8400 is the Postrider of the page.
 *
 *   ```http                                     A request to a receiver is one that Postrider makes: it has arrived
 *   POST https://example.com/hooks              there, or does within 60 s, with at least these headers, and this
 *   webhook-id: evt_01JD8ZR3A0                  body where one is shown (JSON as above).
 *
 *   { "type": "invoice.paid", "…": "…" }
 *   ```
 *
 * Calls to /in/… go without a key. Other fences (`sh`, `text`, `json` elsewhere) are left alone.
 */

const waitMs = 60_000;
const root = new URL('../../', import.meta.url);
const files = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)];

const pages = files
  .filter((file) => file.endsWith('.md'))
  .flatMap((file) => {
    const text = readIfThere(new URL(file, root));
    return examplesOf(text).length > 0 ? [{ file, text }] : [];
  });

describe.each(pages)('the examples of $file', ({ text }) => {
  let stage: Stage;
  const names = new Names();

  beforeAll(async () => {
    stage = await Stage.open(text);
  });

  afterAll(async () => {
    await stage.close();
  });

  it.each(examplesOf(text))('line $line: $method $target', async (example) => {
    const arrives = stage.receiverOf(example.target) !== undefined;
    const attempt = arrives ? tryArrival : tryCall;
    let found: string[] = [];
    const repeats = arrives || example.method === 'GET';
    await waitFor(
      'the example to fit',
      async () => {
        const draft = names.copy();
        found = await attempt(stage, example, draft);
        if (found.length === 0) names.adopt(draft);
        return found.length === 0 || !repeats;
      },
      waitMs,
    ).catch(() => undefined);
    expect(found).toEqual([]);
  });
});

/** Makes the call, and tells how its answer differs from the page's. */
async function tryCall(stage: Stage, example: Example, names: Names): Promise<string[]> {
  const { method, target, headers, body, answer } = example;
  const wire = (part: string) => stage.toWire(names.resolve(part));
  const path = wire(target).replace(stage.postrider.url, '');
  const api = path.startsWith('/in/') ? stage.postrider.as(undefined) : stage.postrider.api;
  const given = Object.fromEntries(headers.map(([name, value]) => [name, wire(value)]));
  const real = await api.call(method, path, body === undefined ? undefined : wire(body), given);
  const told = JSON.stringify(real.body);
  const expected = answer?.status;
  const wrongStatus = expected === undefined ? real.status >= 300 : real.status !== expected;
  if (wrongStatus) return [`status: ${real.status} with ${told}`];
  if (!answer) return [];
  return differences(JSON.parse(answer.text), JSON.parse(stage.fromWire(told ?? 'null')), names);
}

/** Tells how what arrived at the receiver differs from the request that the page shows; the closest one counts. */
async function tryArrival(stage: Stage, example: Example, names: Names): Promise<string[]> {
  const { method, target, headers, body } = example;
  const path = new URL(target).pathname + new URL(target).search;
  const arrivals = (stage.receiverOf(target)?.arrivals ?? []).filter(
    ({ url }) => url === names.resolve(path),
  );
  const compared = arrivals.map((arrival) => {
    const draft = names.copy();
    const shown = {
      method,
      headers: { ...Object.fromEntries(headers), '…': '…' },
      body: parsed(body) ?? '…',
    };
    const real: unknown = JSON.parse(
      stage.fromWire(JSON.stringify({ ...arrival, body: parsed(arrival.body) })),
    );
    return { draft, found: differences({ ...shown, '…': '…' }, real, draft) };
  });
  const [closest] = compared.toSorted((a, b) => a.found.length - b.found.length);
  if (!closest) return [`nothing has arrived at ${target}`];
  names.adopt(closest.draft);
  return closest.found;
}

function parsed(text: string | undefined): unknown {
  if (text === undefined || !/^[{[]/.test(text)) return text;
  return JSON.parse(text);
}

function readIfThere(file: URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
