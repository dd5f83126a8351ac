import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import mongoose, { type Connection } from 'mongoose';
import { compileFilter, type FilterRules } from '../../src/filter/filter.js';
import { arbitraries } from './arbitraries.js';
import { cases } from './cases.js';

let connection: Connection;

beforeAll(async () => {
  const uri = process.env['TEST_MONGODB_URI'] ?? '';
  connection = await mongoose.createConnection(uri, { dbName: `filter-${process.pid}` }).asPromise();
});

afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

/** Which of the documents MongoDB finds, asked of a field so that a document can be any JSON. */
async function found(filter: FilterRules, documents: readonly unknown[]): Promise<boolean[]> {
  const collection = connection.collection<{ _id: number; data: unknown }>('documents');
  await collection.deleteMany({});
  await collection.insertMany(documents.map((data, _id) => ({ _id, data })));
  return find(filter, documents.length);
}

async function find(filter: FilterRules, count: number): Promise<boolean[]> {
  const collection = connection.collection<{ _id: number }>('documents');
  const rows = await collection.find(underData(filter), { projection: { _id: 1 } }).toArray();
  const ids = new Set(rows.map(({ _id }) => _id));
  return Array.from({ length: count }, (_, id) => ids.has(id));
}

function underData(filter: FilterRules): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filter).map(([name, operand]) =>
      name.startsWith('$') ? [name, (operand as FilterRules[]).map(underData)] : [`data.${name}`, operand],
    ),
  );
}

describe('MongoDB itself', () => {
  it.each(cases)('finds by %j in %j: %j', async (filter, data, matches) => {
    expect(await found(filter, [data])).toEqual([matches]);
  });

  it('agrees on any filter and data', async () => {
    // One field an object: MongoDB minds the order of fields where it compares whole objects, which we do not.
    const { filter, value } = arbitraries({ names: ['a', 'b', '0', '1'], fields: 1 });
    const object = fc.dictionary(fc.constantFrom('a', 'b', '0', '1'), value, { noNullPrototype: true });
    const seen = { matched: 0, not: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { minLength: 40, maxLength: 40 }),
        fc.array(filter, { minLength: 20, maxLength: 20 }),
        async (documents, filters) => {
          await found({}, documents);
          for (const rules of filters) {
            const { matches } = compileFilter(rules);
            const matched = documents.map((data) => matches(data));
            expect({ rules, matched }).toEqual({ rules, matched: await find(rules, documents.length) });
            for (const one of matched) seen[one ? 'matched' : 'not']++;
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(Math.min(seen.matched, seen.not)).toBeGreaterThan(1_000);
  });
});
