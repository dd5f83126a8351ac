import { beforeAll, expect, it } from '@jest/globals';
import { welcome } from '../../src/cli/welcome.js';
import { productionKey } from '../support/postrider.js';
import { postrider, postriderForAll } from '../support/running.js';

let lines: Map<string, string>;

// Empty counts as not given: this key is made up, and the other is not.
postriderForAll({ env: { POSTRIDER_SANDBOX_KEY: '' } });

beforeAll(() => {
  const shown = welcome(postrider).matchAll(/^ {2}(Console|sandbox|production)(?: key)? +(.+)$/gm);
  lines = new Map(Array.from(shown, ([, name = '', value = '']) => [name, value]));
});

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
