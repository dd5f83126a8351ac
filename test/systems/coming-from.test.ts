import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { routes } from '../../src/api/routes.js';

const page = readFileSync(new URL('../../docs/coming-from.md', import.meta.url), 'utf8');
const tables = page
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .join('\n');

describe('docs/coming-from.md', () => {
  const calls = Array.from(
    tables.matchAll(/`(GET|POST|PATCH|DELETE) (\/v1\/[^`?]+)(?:\?([^`=]+)=[^`]*)?`/g),
    ([call, method, path, parameter]) => ({ call, key: `${method} ${path}`, parameter }),
  );

  it('has a table for each product', () => {
    expect(page.match(/^## .+/gm)).toEqual([
      '## LMI',
      '## LogiSense',
      '## Lehjah',
      '## MileApp',
      '## Loopit',
    ]);
    expect(calls.length).toBeGreaterThan(30);
  });

  it.each(calls)('names a call that is there: $call', ({ key, parameter }) => {
    const found = routes.find((route) => route.key === key);
    expect(found?.key).toBe(key);
    const known = found?.query instanceof z.ZodObject ? Object.keys(found.query.shape) : [];
    if (parameter !== undefined) expect(known).toContain(parameter);
  });
});
