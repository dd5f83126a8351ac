import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Gathering, type GatheringLimits } from '../../src/group-commit/gathering.js';

/** Rounds that end when the test says so. */
function rounds(limits: GatheringLimits<number>) {
  const began: { items: readonly number[]; end: () => void; fail: (error: Error) => void }[] = [];
  const gathering = new Gathering<number, number>(
    async (items) =>
      new Promise((resolve, reject) => {
        const end = () =>
          resolve(
            items.map((item) =>
              item < 0
                ? { status: 'rejected', reason: new Error(`${item} is negative`) }
                : { status: 'fulfilled', value: item * 2 },
            ),
          );
        began.push({ items, end, fail: reject });
      }),
    limits,
  );
  return { gathering, began, items: () => began.map((round) => round.items) };
}

/** The same after a crowd: a round of one, and then of the four that came meanwhile. */
async function crowded(limits: GatheringLimits<number>) {
  const made = rounds(limits);
  const added = [1, 2, 3, 4, 5].map(async (item) => made.gathering.add(item));
  made.began[0]?.end();
  await new Promise(setImmediate);
  made.began[1]?.end();
  await Promise.all(added);
  return made;
}

describe('what is gathered', () => {
  // Time passes as the test says: a crowd is gone after milliseconds, which a busy machine takes for a single line.
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('is done at once where it comes alone', async () => {
    const { gathering, began, items } = rounds({ most: 10, waitMs: 60_000 });
    const first = gathering.add(1);
    expect(items()).toEqual([[1]]);
    began[0]?.end();
    expect(await first).toBe(2);
    const second = gathering.add(2);
    expect(items()).toEqual([[1], [2]]);
    began[1]?.end();
    expect(await second).toBe(4);
  });

  it('is done together where it comes while a round is under way, in order and no more than fits', async () => {
    const { gathering, began, items } = rounds({ most: 3 });
    const all = Promise.all([1, 2, 3, 4, 5].map(async (item) => gathering.add(item)));
    expect(items()).toEqual([[1]]);
    for (const round of [0, 1, 2]) {
      began[round]?.end();
      await new Promise(setImmediate);
    }
    expect(items()).toEqual([[1], [2, 3, 4], [5]]);
    expect(await all).toEqual([2, 4, 6, 8, 10]);
  });

  it('is no larger than what one round takes', async () => {
    const { gathering, began, items } = rounds({ most: 10, sizeOf: (item) => item, mostSize: 100 });
    const all = Promise.all([1, 60, 40, 1, 500].map(async (item) => gathering.add(item)));
    for (const round of [0, 1, 2, 3]) {
      began[round]?.end();
      await new Promise(setImmediate);
    }
    expect(items()).toEqual([[1], [60, 40], [1], [500]]);
    await all;
  });

  it('fails alone, unless its whole round does', async () => {
    const { gathering, began } = rounds({ most: 10 });
    const first = gathering.add(1);
    const others = [-2, 3].map(async (item) => gathering.add(item));
    const failing = Promise.allSettled([first, ...others]);
    began[0]?.fail(new Error('away'));
    await new Promise(setImmediate);
    began[1]?.end();
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    await expect(first).rejects.toThrow('away');
    await expect(others[0]).rejects.toThrow('-2 is negative');
  });

  it('waits, while rounds are crowded, for as many as the last one had', async () => {
    const { gathering, began, items } = await crowded({ most: 10, waitMs: 60_000 });
    const crowd = [6, 7, 8].map(async (item) => gathering.add(item));
    expect(items()).toEqual([[1], [2, 3, 4, 5]]);
    crowd.push(gathering.add(9));
    expect(items()).toEqual([[1], [2, 3, 4, 5], [6, 7, 8, 9]]);
    began[2]?.end();
    await Promise.all(crowd);
  });

  it('waits no longer than it may', async () => {
    const { gathering, began, items } = await crowded({ most: 10, waitMs: 1 });
    const late = gathering.add(6);
    expect(items()).toEqual([[1], [2, 3, 4, 5]]);
    jest.advanceTimersByTime(1);
    expect(items()[2]).toEqual([6]);
    began[2]?.end();
    expect(await late).toBe(12);
  });

  it('waits for none of a crowd that is gone', async () => {
    const { gathering, began, items } = await crowded({ most: 10, waitMs: 60_000 });
    jest.advanceTimersByTime(50);
    const late = gathering.add(6);
    expect(items()[2]).toEqual([6]);
    began[2]?.end();
    expect(await late).toBe(12);
  });

  it('waits while what earlier rounds led to is in hand, and goes together when it is not', async () => {
    let isBusy = true;
    const { gathering, began, items } = rounds({ most: 10, isBusy: () => isBusy });
    const added = [1, 2].map(async (item) => gathering.add(item));
    jest.advanceTimersByTime(200);
    expect(items()).toEqual([]);
    isBusy = false;
    jest.advanceTimersByTime(2);
    expect(items()).toEqual([[1, 2]]);
    began[0]?.end();
    await Promise.all(added);
  });

  it('goes as soon as its round is full, whatever is in hand', async () => {
    const { gathering, began, items } = rounds({ most: 3, isBusy: () => true });
    const added = [1, 2, 3].map(async (item) => gathering.add(item));
    expect(items()).toEqual([[1, 2, 3]]);
    began[0]?.end();
    await Promise.all(added);
  });

  it('does not wait for ever for what is in hand', async () => {
    const { gathering, began, items } = rounds({ most: 3, isBusy: () => true });
    const late = gathering.add(1);
    expect(items()).toEqual([]);
    jest.advanceTimersByTime(250);
    expect(items()).toEqual([[1]]);
    began[0]?.end();
    expect(await late).toBe(2);
  });
});
