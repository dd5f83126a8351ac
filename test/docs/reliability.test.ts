import { describe, expect, it } from '@jest/globals';
import { claimsOf, holds } from './claims.js';

const { tests, named, rows } = claimsOf('docs/reliability.md');

describe('the page on reliability', () => {
  it('names a test for each row of its claims', () => {
    expect(tests).toHaveLength(named);
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !row.includes('`test/'))).toEqual([]);
  });

  it.each(tests)('%s has a test of the name "%s"', (file, words) => {
    expect({ words, found: holds(file, words) }).toEqual({ words, found: true });
  });
});
