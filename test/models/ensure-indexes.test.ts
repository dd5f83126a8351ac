import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { createModels, ensureIndexes, type Models } from '../../src/models/models.js';
import { databaseUri } from '../support/postrider.js';

let connection: Connection;
let models: Models;

beforeAll(async () => {
  const name = `test-indexes-${process.pid}`;
  connection = await mongoose.createConnection(databaseUri(name), { autoIndex: false }).asPromise();
  models = createModels(connection);
});

afterAll(async () => {
  await connection.dropDatabase();
  await connection.close();
});

/** The indexes of a collection by their keys, with whether they are partial. */
async function indexesOf(model: { collection: { indexes(): Promise<object[]> } }): Promise<string[]> {
  const indexes = (await model.collection.indexes()) as { key: object; partialFilterExpression?: object }[];
  return indexes.map(({ key, partialFilterExpression }) =>
    JSON.stringify([key, partialFilterExpression ?? null]),
  );
}

describe('indexes', () => {
  it('are made for every collection, and made again without harm by all who start at once', async () => {
    await Promise.all([ensureIndexes(models), ensureIndexes(models), ensureIndexes(models)]);
    for (const model of Object.values(models)) {
      const { schema, collection } = model as typeof models.events;
      expect(await collection.indexes()).toHaveLength(schema.indexes().length + 1);
    }
  });

  it('that an earlier version made otherwise are replaced, and the records stay', async () => {
    const wanted = await indexesOf(models.webhooks);
    const { collection } = models.webhooks;
    const [, changed] = (await collection.indexes()) as { name?: string; key: Record<string, 1 | -1> }[];
    if (changed?.name === undefined) throw new Error('no index');
    await collection.dropIndex(changed.name);
    await collection.createIndex(changed.key, { partialFilterExpression: { name: { $type: 'string' } } }, {});
    await collection.insertOne({ _id: 'wh_1', name: 'kept' } as never);
    expect(await indexesOf(models.webhooks)).not.toEqual(expect.arrayContaining(wanted));
    await ensureIndexes(models);
    expect((await indexesOf(models.webhooks)).toSorted()).toEqual(wanted.toSorted());
    expect(await collection.countDocuments()).toBe(1);
  });
});
