import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogues, type Catalogue } from '../../src/catalogue/catalogue.js';
import { checkPayload } from '../../src/event-schemas/event-schema.js';

describe('the catalogues of the product', () => {
  let catalogues: Map<string, Catalogue>;
  beforeAll(async () => {
    catalogues = await loadCatalogues('catalogues');
  });

  const eventTypesOf = (name: string) => catalogues.get(name)?.eventTypes ?? [];
  const namesOf = (name: string) => eventTypesOf(name).map((eventType) => eventType.name);

  it('are one for each of the five products, and Postrider’s own', () => {
    const names = ['lehjah', 'lmi', 'logisense', 'loopit', 'mileapp', 'postrider'];
    expect([...catalogues.keys()]).toEqual(names);
  });

  it('L6: hold the application triggers of LMI', () => {
    const labels = eventTypesOf('lmi').map(({ label }) => label);
    expect(labels).toEqual([
      'Financial E-Check Processed',
      'Optimization Solution Updated',
      'Task Operations',
    ]);
  });

  it('S5: LogiSense samples of invoices have all fields that its placeholders name', () => {
    const sample = eventTypesOf('logisense').find(({ name }) => name === 'invoice.finalized')?.samplePayload;
    expect(sample).toMatchObject({
      account: { id: expect.any(String) as unknown, name: expect.any(String) as unknown },
      invoice: {
        id: expect.any(String) as unknown,
        name: expect.any(String) as unknown,
        invoiceTotal: expect.any(Number) as unknown,
        dueDate: expect.any(String) as unknown,
      },
    });
  });

  it('J2: hold the thirteen events of Lehjah by their names', () => {
    expect(namesOf('lehjah')).toEqual([
      'NEW_BUSINESS',
      'NEW_SUBSCRIPTION',
      'SUBSCRIPTION_REQUEST',
      'SUBSCRIPTION_EXPIRED',
      'NEW_TRANSACTION_CREATED',
      'TRANSACTION_UPDATED',
      'TRANSACTION_DELETED',
      'RECORD_CREATED',
      'RECORD_UPDATED',
      'RECORD_DELETED',
      'INVENTORY_ITEM_CREATED',
      'INVENTORY_ITEM_UPDATED',
      'INVENTORY_ITEM_DELETED',
    ]);
  });

  it('M1: hold the events of MileApp, tasks with their flow and priority', () => {
    expect(namesOf('mileapp')).toEqual([
      'task.created',
      'task.assigned',
      'task.finished',
      'data_source.created',
      'routing.finished',
      'routing.dispatched',
      'trip.started',
      'trip.finished',
    ]);
    for (const { name, samplePayload } of eventTypesOf('mileapp')) {
      if (!name.startsWith('task.')) continue;
      expect(samplePayload).toMatchObject({ flow: expect.any(String) as unknown, priority: 'High' });
    }
  });

  it('T1: hold the categories and events of Loopit', () => {
    const categories = new Set(eventTypesOf('loopit').map(({ category }) => category));
    for (const category of ['Assets', 'Bookings', 'Invoices', 'Expenses', 'Documents', 'Insurance']) {
      expect(categories).toContain(category);
    }
    expect(namesOf('loopit')).toEqual(
      expect.arrayContaining([
        'asset.created',
        'asset.edited',
        'booking.confirmed',
        'booking.cancelled',
        'booking.updated',
        'booking.activated',
        'invoice.issued',
        'invoice.paid',
      ]),
    );
  });

  it('have a sample for each event type that is valid under its schema, and a schema that refuses an empty one', () => {
    const all = [...catalogues.values()].flatMap(({ eventTypes }) => eventTypes);
    expect(all.length).toBeGreaterThan(75);
    for (const { name, schema, samplePayload } of all) {
      expect({
        name,
        errors: checkPayload(schema, `sample/${JSON.stringify(schema)}`, samplePayload),
      }).toEqual({
        name,
        errors: [],
      });
      expect(checkPayload(schema, `sample/${JSON.stringify(schema)}`, {})).not.toEqual([]);
    }
  });
});

describe('loading a directory of catalogues', () => {
  const eventType = {
    name: 'thing.made',
    label: 'Thing made',
    category: 'Things',
    description: 'A thing was made.',
    schema: { type: 'object' },
    samplePayload: {},
  };
  const catalogue = { name: 'things', label: 'Things', description: 'Things.', eventTypes: [eventType] };

  it('takes a valid one', async () => {
    expect(await loading('things.json', JSON.stringify(catalogue))).toBe('loaded things');
  });

  it.each([
    ['text that is not JSON', '{', 'things.json is not JSON: '],
    ['bytes that are no UTF-8', Buffer.from('"\xff"', 'latin1'), 'things.json is not UTF-8'],
    [
      'a field that is missing',
      JSON.stringify({ ...catalogue, label: undefined }),
      'things.json is not a catalogue: label:',
    ],
    ['a field that nobody knows', JSON.stringify({ ...catalogue, colour: 'red' }), 'colour'],
    [
      'a name that no event type may have',
      JSON.stringify({ ...catalogue, eventTypes: [{ ...eventType, name: 'a b' }] }),
      'eventTypes.0.name:',
    ],
    [
      'the same event type twice',
      JSON.stringify({ ...catalogue, eventTypes: [eventType, eventType] }),
      'eventTypes.1.name: thing.made is there twice',
    ],
    [
      'a schema that is none',
      JSON.stringify({ ...catalogue, eventTypes: [{ ...eventType, schema: { type: 'thing' } }] }),
      'eventTypes.0.schema.type:',
    ],
    [
      'another name than its file has',
      JSON.stringify({ ...catalogue, name: 'stuff' }),
      'things.json: name must be that of the file',
    ],
  ])('refuses %s and says where', async (_what, text, message) => {
    const outcome = await loading('things.json', text);
    expect(outcome).toMatch(/^CatalogueError: /);
    expect(outcome).toContain(message);
  });

  it('refuses what cannot be read, and names it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'catalogues-'));
    await mkdir(join(directory, 'things.json'));
    await expect(loadCatalogues(directory)).rejects.toThrow(/things\.json cannot be read: EISDIR/);
    await rm(directory, { recursive: true });
  });

  it('takes or refuses whatever is in a file, naming the file and the path', async () => {
    const anything = fc.oneof(fc.jsonValue(), fc.constant(undefined), fc.constant('a'.repeat(3_000)));
    const schema = fc.oneof(
      fc.constant({ type: 'object' }),
      fc.record({ type: anything, properties: anything, $ref: fc.constantFrom('#', '#/x', 'http://x/', '') }),
      anything,
    );
    const near = fc.oneof(
      fc.constant(eventType),
      fc
        .tuple(fc.constantFrom(...Object.keys(eventType), '__proto__', 'more'), anything)
        .map(changed(eventType)),
      schema.map((given) => ({ ...eventType, schema: given })),
      anything,
    );
    const file = fc.oneof(
      fc.uint8Array(),
      fc.json(),
      fc
        .tuple(fc.constantFrom(...Object.keys(catalogue), 'more'), anything)
        .map(changed(catalogue))
        .map(textOf),
      fc.array(near, { maxLength: 3 }).map((eventTypes) => textOf({ ...catalogue, eventTypes })),
    );
    const outcomes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(file, async (text) => {
        const outcome = await loading('things.json', text);
        expect(outcome).toMatch(
          /^(loaded things$|CatalogueError: .*things\.json(: name| is not JSON: .| is not UTF-8$| is not a catalogue: [^:]*: .))/s,
        );
        outcomes.add(outcome.slice(0, 6));
      }),
      { numRuns: 300, seed: Number(process.env['FUZZ_SEED'] ?? 7) },
    );
    expect(outcomes).toEqual(new Set(['loaded', 'Catalo']));
  });
});

function changed(object: object) {
  return ([name, value]: [string, unknown]): object => ({ ...object, [name]: value });
}

function textOf(value: object): string {
  return JSON.stringify(value);
}

/** What came of loading a directory with this one file. */
async function loading(file: string, text: string | Uint8Array): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'catalogues-'));
  try {
    await writeFile(join(directory, file), text);
    const loaded = await loadCatalogues(directory);
    return `loaded ${[...loaded.keys()].join()}`;
  } catch (error) {
    return String(error);
  } finally {
    await rm(directory, { recursive: true });
  }
}
