import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { welcome } from '../../src/cli/welcome.js';
import { productionKey, startTestPostrider, type TestPostrider } from '../support/postrider.js';

let postrider: TestPostrider;
let lines: Map<string, string>;

beforeAll(async () => {
  // Empty counts as not given: this key is made up, and the other is not.
  postrider = await startTestPostrider({ env: { POSTRIDER_SANDBOX_KEY: '' } });
  const shown = welcome(postrider).matchAll(/^ {2}(Console|sandbox|production)(?: key)? +(.+)$/gm);
  lines = new Map(Array.from(shown, ([, name = '', value = '']) => [name, value]));
});

afterAll(async () => postrider.stop());

it('names the console, where the key that it prints signs in', async () => {
  const url = lines.get('Console') ?? '';
  const page = await fetch(url);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(welcome(postrider)).toContain('sign in with a key');
  const key = lines.get('sandbox');
  const answer = await postrider.as(undefined, { origin: new URL(url).origin }).post('/session', { key });
  expect(answer.body.accesses).toMatchObject([{ environment: 'sandbox', role: 'admin' }]);
});

it('does not repeat a key that was given', () => {
  expect(welcome(postrider)).not.toContain(productionKey);
  expect(lines.get('production')).toBe('as given in POSTRIDER_PRODUCTION_KEY');
});
