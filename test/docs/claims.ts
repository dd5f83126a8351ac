import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** What a page claims: each file of tests that it names with the words of a test's name after it, and the rows of its tables of claims. */
export interface Claims {
  /** Files with words. */
  tests: (readonly [file: string, words: string])[];
  /** Files that are named, with words or without. */
  named: number;
  rows: string[];
}

/** Reads the claims of a page, such as `docs/security.md`. */
export function claimsOf(path: string): Claims {
  const page = readFileSync(new URL(path, root), 'utf8');
  const tests = [...page.matchAll(/`(test\/[\w/-]+\.test\.ts)`: ([^|\n]+?)(?: *\||\)[.;]|\)$)/gm)].map(
    ([, file = '', words = '']) => [file, words] as const,
  );
  const rows = [...page.matchAll(/^\| claim .*\n\|[ |-]+\n((?:\|.*\n)+)/gm)].flatMap(([, body = '']) =>
    body.trim().split('\n'),
  );
  return { tests, named: (page.match(/`test\/[^`]+`/g) ?? []).length, rows };
}

/** Whether a file of tests holds these words, however its lines are broken. */
export function holds(file: string, words: string): boolean {
  const source = readFileSync(new URL(file, root), 'utf8');
  return source.replaceAll('\\', '').replace(/\s+/g, ' ').includes(words);
}
