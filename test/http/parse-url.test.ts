import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { parseUrl } from '../../src/http/parse-url.js';

/** What is called often enough is compiled in a process of its own as it is where Postrider runs, and not inside a test. */
const script = `
  import { parseUrl } from ${JSON.stringify(new URL('../../dist/http/parse-url.js', import.meta.url).href)};
  const hosts = new Set();
  for (let count = 0; count < 100_000; count += 1) {
    parseUrl('https://example.com/' + count);
    hosts.add(parseUrl('https://bücher.example/größe')?.host);
  }
  console.log(JSON.stringify([...hosts]));
`;

it('reads a URL with letters such as ü however often it has read others', () => {
  const hosts = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: {},
  });
  expect(JSON.parse(hosts)).toEqual(['xn--bcher-kva.example']);
});

it('has no URL where the text is none', () => {
  expect(parseUrl('https://')).toBeUndefined();
  expect(parseUrl('/path')).toBeUndefined();
});
