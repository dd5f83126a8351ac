import { expect, it } from '@jest/globals';
import { identifiersOf } from '../../src/ingestion/identifiers.js';

it('are texts with a digit and whole numbers, in one case', () => {
  expect(identifiersOf({ number: 'INV-1042', order: 4711, uuid: '0B7E-11', digits: '00042' })).toEqual([
    'inv-1042',
    '4711',
    '0b7e-11',
    '00042',
  ]);
});

it.each([
  ['words', 'paid'],
  ['sentences', 'room 101'],
  ['dates', '2026-01-31'],
  ['times', '2026-01-31T09:30:00Z'],
  ['amounts', '12.50'],
  ['amounts as numbers', 12.5],
  ['small numbers', 99],
  ['numbers below zero', -500],
  ['what is short', 'a1'],
  ['what is long', `x${'1'.repeat(64)}`],
  ['nothing', null],
  ['truth', true],
])('are never %s', (_, value) => {
  expect(identifiersOf({ value })).toEqual([]);
});

it('are each there once, and the highest in the data first', () => {
  expect(identifiersOf({ lines: [{ sku: 'SKU-1' }, { sku: 'SKU-1' }], id: 'ORD-9' })).toEqual([
    'ord-9',
    'sku-1',
  ]);
});

it('are bounded however large the data', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => `N-${index}`);
  expect(identifiersOf(many)).toHaveLength(16);
  expect(identifiersOf(Array.from({ length: 10_000 }, () => 'word'))).toEqual([]);
  let deep: unknown = 'DEEP-1';
  for (let level = 0; level < 1_000; level += 1) deep = [deep];
  expect(identifiersOf(deep as never)).toEqual([]);
});
