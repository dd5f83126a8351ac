import { describe, expect, it } from '@jest/globals';
import { differences } from './differences.js';
import { Names } from './names.js';
import { examplesOf } from './notation.js';

describe('an answer that a page shows', () => {
  const cases: [shown: unknown, real: unknown, differing: string[]][] = [
    [{ a: 1 }, { a: 1 }, []],
    [{ a: 1 }, { a: 2 }, ['a']],
    [{ a: 1 }, { a: '1' }, ['a']],
    [{ a: 1, b: null }, { a: 1 }, ['b']],
    [{ a: 1 }, { a: 1, b: null }, ['b']],
    [{ a: 1, '…': '…' }, { a: 1, b: null }, []],
    [{ a: '…' }, { a: { deep: [1] } }, []],
    [{ a: '…' }, {}, ['a']],
    [[1, 2], [1], ['1']],
    [[1], [1, 2], ['1']],
    [[1, '…'], [1, 2, 3], []],
    [[1, '…'], [2, 3], ['0']],
    [[], {}, ['the answer']],
    [null, {}, ['the answer']],
    ['whsec_…', 'whsec_abc', []],
    ['whsec_…', 'secret', ['the answer']],
    ['a.c', 'abc', ['the answer']],
    ['2026-01-31T09:30:00.000Z', '2031-12-01T00:00:00.123Z', []],
    ['2026-01-31T09:30:00.000Z', 'soon', ['the answer']],
    [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }, ['a.0.b']],
  ];

  it.each(cases)('%j against %j differs at %j', (shown, real, differing) => {
    const found = differences(shown, real, new Names());
    expect(found.map((told) => told.split(/:| is (?:shown|there) and/)[0])).toEqual(differing);
  });

  it('gives its ids their meaning, and holds on to it', () => {
    const names = new Names();
    const first = { id: 'wh_01SHOWN', text: 'sub_01SHOWN of wh_01SHOWN' };
    expect(differences(first, { id: 'wh_01REAL', text: 'sub_01REAL of wh_01REAL' }, names)).toEqual([]);
    expect(names.resolve('/v1/webhooks/wh_01SHOWN')).toBe('/v1/webhooks/wh_01REAL');
    expect(differences({ id: 'wh_01SHOWN' }, { id: 'wh_01REAL' }, names)).toEqual([]);
    expect(differences({ id: 'wh_01SHOWN' }, { id: 'wh_01OTHER' }, names)).toHaveLength(1);
  });

  it('may not use one id for two things', () => {
    const shown = ['evt_01SHOWN evt_01SHOWN'];
    expect(differences(shown, ['evt_01REAL evt_01OTHER'], new Names())).toHaveLength(1);
  });
});

describe('the examples of a page', () => {
  it('are its http fences, each with the json fence that comes next', () => {
    const page = [
      '# Page',
      '```http',
      'POST /v1/events',
      'If-Match: "r1"',
      '',
      '{ "a": 1 }',
      '```',
      'text',
      '```json 422',
      '{}',
      '```',
      '```http',
      'GET /v1/events',
      '```',
      '```sh',
      'curl',
      '```',
      '```json',
      '{}',
      '```',
      '',
    ].join('\n');
    expect(examplesOf(page)).toEqual([
      {
        line: 2,
        method: 'POST',
        target: '/v1/events',
        headers: [['if-match', '"r1"']],
        body: '{ "a": 1 }',
        answer: { status: 422, text: '{}\n' },
      },
      { line: 12, method: 'GET', target: '/v1/events', headers: [], body: undefined, answer: undefined },
    ]);
  });
});
