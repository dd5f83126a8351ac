import { describe, expect, it } from '@jest/globals';
import { Congestion } from '../../src/fairness/congestion.js';
import { FairLimit } from '../../src/fairness/fair-limit.js';
import { Shares } from '../../src/fairness/shares.js';
import { TurnQueue } from '../../src/fairness/turn-queue.js';

/** Takes for an owner until there is no more, and tells how much that was. */
function takeAll(shares: Shares, owner: string): number {
  let taken = 0;
  while (shares.take(owner)) taken += 1;
  return taken;
}

describe('room that is shared', () => {
  it('leaves some to the next owner, however much those before have taken', () => {
    const shares = new Shares(400);
    expect(takeAll(shares, 'a')).toBe(200);
    expect(takeAll(shares, 'b')).toBe(100);
    expect(takeAll(shares, 'c')).toBe(50);
    expect(shares.take('quiet')).toBe(true);
  });

  it('is shared out anew when some is given back', () => {
    const shares = new Shares(90);
    takeAll(shares, 'a');
    takeAll(shares, 'b');
    shares.give('a', 45);
    expect(takeAll(shares, 'b')).toBe(23);
    shares.give('b', 45);
    expect(takeAll(shares, 'a')).toBe(45);
  });

  it('goes to one alone as its greed says, and a large part is taken whole or not at all', () => {
    const shares = new Shares(100, 4);
    expect(shares.take('a', 60)).toBe(true);
    expect(shares.take('a', 40)).toBe(false);
    expect(shares.take('a', 20)).toBe(true);
    expect(shares.take('a')).toBe(false);
    expect(shares.take('b', 17)).toBe(false);
    expect(shares.take('b', 16)).toBe(true);
  });
});

describe('a queue of several owners', () => {
  it('takes them in turn, each in its order, and whoever comes late is next after one of each', () => {
    const queue = new TurnQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'a4']) queue.push('a', item);
    queue.push('b', 'b1');
    const taken = [queue.shift(), queue.shift()];
    queue.push('c', 'c1');
    expect(queue.size).toBe(4);
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) taken.push(item);
    expect(taken).toEqual(['a1', 'b1', 'a2', 'c1', 'a3', 'a4']);
    expect(queue.peek()).toBeUndefined();
  });
});

describe('a limit of what runs at once', () => {
  it('lets a quiet owner run next, whatever another has waiting, and no more than it should', async () => {
    const limit = new FairLimit({ atOnce: 2 });
    const ends: (() => void)[] = [];
    const begun: string[] = [];
    const run = async (owner: string): Promise<void> =>
      limit.run(owner, async () => {
        begun.push(owner);
        await new Promise<void>((resolve) => ends.push(resolve));
      });
    const all = ['flood', 'flood', 'flood', 'flood', 'flood'].map(async (owner) => run(owner));
    all.push(run('quiet'));
    expect(begun).toEqual(['flood', 'flood']);
    for (let ended = 0; ended < 6; ended += 1) {
      ends[ended]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(all);
    expect(begun.indexOf('quiet')).toBeLessThanOrEqual(3);
    expect(begun).toHaveLength(6);
  });

  it('gives a place back where something fails', async () => {
    const limit = new FairLimit({ atOnce: 1 });
    const failing = limit.run('a', async () => Promise.reject(new Error('as it should')));
    const next = limit.run('a', async () => 'next');
    await expect(failing).rejects.toThrow('as it should');
    expect(await next).toBe('next');
  });

  it('follows a limit that changes: fewer run where it falls, and all that may once it rises', async () => {
    const atOnce = { atOnce: 3 };
    const limit = new FairLimit(atOnce);
    const ends: (() => void)[] = [];
    const all = Array.from({ length: 9 }, async () =>
      limit.run('a', async () => new Promise<void>((resolve) => ends.push(resolve))),
    );
    const end = async (index: number): Promise<void> => {
      ends[index]?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    expect(ends).toHaveLength(3);
    atOnce.atOnce = 1;
    await end(0);
    await end(1);
    expect(ends).toHaveLength(3);
    await end(2);
    expect(ends).toHaveLength(4);
    atOnce.atOnce = 4;
    await end(3);
    expect(ends).toHaveLength(8);
    for (const index of [4, 5, 6, 7, 8]) await end(index);
    await Promise.all(all);
  });
});

describe('how many calls a server gets at once', () => {
  it('is fewer while they take long, and grows again by one for each that is quick', () => {
    const congestion = new Congestion({ most: 50, fewest: 4, slowMs: 250 });
    expect(congestion.atOnce).toBe(50);
    congestion.took(251);
    expect(congestion.atOnce).toBe(45);
    for (let call = 0; call < 100; call += 1) congestion.took(10_000);
    expect(congestion.atOnce).toBe(4);
    congestion.took(250);
    expect(congestion.atOnce).toBe(5);
    for (let call = 0; call < 100; call += 1) congestion.took(10);
    expect(congestion.atOnce).toBe(50);
  });
});
