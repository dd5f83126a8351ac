import { describe, expect, it } from '@jest/globals';
import type { Loose } from '../support/api.js';
import { productionKey } from '../support/postrider.js';
import { postrider, postriderForAll } from '../support/running.js';

postriderForAll();

async function typesOf(key?: string): Promise<Loose[]> {
  const api = key === undefined ? postrider.api : postrider.as(key);
  const { body } = await api.get('/v1/event-types?limit=200&sort=name');
  return body.data as Loose[];
}

describe('catalogues', () => {
  it('are listed by name with their event types', async () => {
    const { body } = await postrider.api.get('/v1/catalogues');
    expect(body.data.map(({ name }: Loose) => name)).toEqual([
      'lehjah',
      'lmi',
      'logisense',
      'loopit',
      'mileapp',
      'postrider',
    ]);
    expect(body.nextCursor).toBeNull();
    for (const { label, description, eventTypes } of body.data) {
      expect(label).not.toBe('');
      expect(description).not.toBe('');
      expect(eventTypes.length).toBeGreaterThan(0);
      expect(Object.keys(eventTypes[0]).toSorted()).toEqual(['category', 'label', 'name']);
    }
  });

  it('are listed a page at a time', async () => {
    const { api } = postrider;
    const first = (await api.get('/v1/catalogues?limit=2')).body;
    const second = (await api.get(`/v1/catalogues?limit=2&cursor=${first.nextCursor}`)).body;
    const third = (await api.get(`/v1/catalogues?limit=2&cursor=${second.nextCursor}`)).body;
    const names = [first, second, third].flatMap(({ data }) => data.map(({ name }: Loose) => name));
    expect(names).toEqual(['lehjah', 'lmi', 'logisense', 'loopit', 'mileapp', 'postrider']);
    expect(third.nextCursor).toBeNull();
    const refused = await api.get('/v1/catalogues?cursor=nonsense');
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].path).toBe('cursor');
  });

  it('make their event types, with schema and sample, once however often they are imported', async () => {
    const { api } = postrider;
    const listed = (await api.get('/v1/catalogues')).body.data.find(({ name }: Loose) => name === 'lehjah');
    const names = listed.eventTypes.map(({ name }: Loose) => name);

    const answers = await Promise.all([1, 2, 3].map(async () => api.make('/v1/catalogues/lehjah/import')));
    expect(answers.flatMap(({ imported }) => imported).toSorted()).toEqual(names.toSorted());
    for (const { imported, unchanged } of answers) {
      expect([...imported, ...unchanged].toSorted()).toEqual(names.toSorted());
    }

    const type = (await api.get(`/v1/event-types/${names[0]}`)).body;
    expect(type.label).toBe(listed.eventTypes[0].label);
    expect(type.schema).not.toBeNull();
    const published = await api.post('/v1/events', { type: names[0], data: type.samplePayload });
    expect(published.status).toBe(202);
  });

  it('leave an event type as it is that was edited, or made by hand', async () => {
    const { api } = postrider;
    const [edited, made] = ['task.created', 'task.assigned'] as const;
    const catalogue = (await api.get('/v1/catalogues')).body.data.find(
      ({ name }: Loose) => name === 'mileapp',
    );
    const names: string[] = catalogue.eventTypes.map(({ name }: Loose) => name);
    expect(names).toEqual(expect.arrayContaining([edited, made]));
    await api.make('/v1/event-types', { name: made, label: 'Mine' });
    const first = await api.make('/v1/catalogues/mileapp/import');
    expect(first.unchanged).toEqual([made]);
    await api.patch(`/v1/event-types/${edited}`, { label: 'Edited', schema: null });
    const before = await typesOf();

    const again = await api.make('/v1/catalogues/mileapp/import');
    expect(again).toEqual({ imported: [], unchanged: names });
    expect(await typesOf()).toEqual(before);
    expect((await api.get(`/v1/event-types/${edited}`)).body).toMatchObject({
      label: 'Edited',
      schema: null,
    });
    expect((await api.get(`/v1/event-types/${made}`)).body).toMatchObject({ label: 'Mine', schema: null });
  });

  it('bring back an event type that was deleted', async () => {
    const { api } = postrider;
    await api.make('/v1/catalogues/lmi/import');
    const [{ name }] = (await api.get('/v1/catalogues')).body.data.find(
      (pack: Loose) => pack.name === 'lmi',
    ).eventTypes;
    await api.delete(`/v1/event-types/${name}`);
    expect((await api.make('/v1/catalogues/lmi/import')).imported).toEqual([name]);
    expect((await api.get(`/v1/event-types/${name}`)).status).toBe(200);
  });

  it('are imported into one environment alone', async () => {
    const before = await typesOf(productionKey);
    await postrider.api.make('/v1/catalogues/logisense/import');
    expect(await typesOf(productionKey)).toEqual(before);
  });

  it('are a 404 under a name that is none', async () => {
    for (const name of ['nothing', '__proto__', '..%2Flmi']) {
      const { status, body } = await postrider.api.post(`/v1/catalogues/${name}/import`);
      expect(status).toBe(404);
      expect(body.code).toBe('not_found');
    }
  });
});
