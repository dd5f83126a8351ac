import { expect, it } from '@jest/globals';
import { parseUrl } from '../../src/http/parse-url.js';

it('reads a URL with letters such as ü however often it has read others', () => {
  const hosts = new Set<string | undefined>();
  for (let count = 0; count < 20_000; count += 1) {
    parseUrl(`https://example.com/${count}`);
    hosts.add(parseUrl('https://bücher.example/größe')?.host);
  }
  expect([...hosts]).toEqual(['xn--bcher-kva.example']);
});

it('has no URL where the text is none', () => {
  expect(parseUrl('https://')).toBeUndefined();
  expect(parseUrl('/path')).toBeUndefined();
});
