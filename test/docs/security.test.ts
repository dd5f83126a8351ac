import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/security.md', root), 'utf8');

/** Each file of tests that the page names, with the words of a test's name after it. */
const claims = [...page.matchAll(/`(test\/[\w/-]+\.test\.ts)`: ([^|\n]+?)(?: *\||\)[.;]|\)$)/gm)].map(
  ([, file = '', words = '']) => [file, words] as const,
);

describe('the threat model', () => {
  it('names a test for each row of its claims', () => {
    const named = page.match(/`test\/[^`]+`/g) ?? [];
    expect(claims).toHaveLength(named.length);
    const rows = [...page.matchAll(/^\| claim .*\n\|[ |-]+\n((?:\|.*\n)+)/gm)].flatMap(([, body = '']) =>
      body.trim().split('\n'),
    );
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((row) => !row.includes('`test/'))).toEqual([]);
  });

  it.each(claims)('%s has a test of the name "%s"', (file, words) => {
    const source = readFileSync(new URL(file, root), 'utf8');
    const names = source.replaceAll('\\', '').replace(/\s+/g, ' ');
    expect({ words, found: names.includes(words) }).toEqual({ words, found: true });
  });
});
