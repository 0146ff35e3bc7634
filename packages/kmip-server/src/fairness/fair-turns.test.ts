import { describe, expect, it } from 'vitest';
import { createFairTurns, type FairTurnsLimits, type TooBusy, type Turn } from './fair-turns.ts';

const ROOMY: FairTurnsLimits = {
  maxInWork: 100,
  maxInWorkOfKey: 100,
  maxInWorkOfKeyAmongOthers: 100,
  maxWaitingOfKey: 100,
  maxWaitMs: 1000,
};

/** Turns whose work ends when the test says so. */
function start(limits: Partial<FairTurnsLimits>) {
  let now = 0;
  let waiting = 0;
  const turns = createFairTurns(
    { ...ROOMY, ...limits },
    {
      monotonicNow: () => now,
      onWaiting(change) {
        waiting += change;
      },
    },
  );
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  return {
    turns,
    begun,
    counted: () => waiting,
    later(milliseconds: number) {
      now += milliseconds;
    },
    ask(key: string, name = key, weight = 1): Promise<TooBusy | undefined> {
      const work = async ({ tooBusy }: Turn) => {
        begun.push(name);
        await new Promise<void>((resolve) => ends.push(resolve));
        return tooBusy;
      };
      return turns.run(key, work, weight);
    },
    async endFirst() {
      ends.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('fair turns', () => {
  it('begin at once while there is room', () => {
    const { ask, begun, turns } = start({ maxInWork: 2 });
    void ask('a');
    void ask('b');
    expect(begun).toEqual(['a', 'b']);
    expect(turns.waiting).toBe(0);
  });

  it('go round the keys, and in order within one', async () => {
    const { ask, begun, counted, endFirst } = start({ maxInWork: 1 });
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) void ask(name.charAt(0), name);
    expect(counted()).toBe(5);
    for (let n = 0; n < 6; n++) await endFirst();
    expect(begun).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
    expect(counted()).toBe(0);
  });

  it('keep room for others from one key, however much of it waits', async () => {
    const { ask, begun, endFirst, turns } = start({ maxInWork: 4, maxInWorkOfKey: 2 });
    for (let n = 0; n < 50; n++) void ask('flood');
    void ask('other');
    expect(begun).toEqual(['flood', 'flood', 'other']);
    expect([turns.isCrowded('flood'), turns.isCrowded('other')]).toEqual([true, false]);
    await endFirst();
    expect(begun).toHaveLength(4);
  });

  it('leave a key little while others are there, and much when it is alone again', async () => {
    const { ask, begun, endFirst, later, turns } = start({
      maxInWorkOfKey: 4,
      maxInWorkOfKeyAmongOthers: 2,
    });
    for (let n = 0; n < 10; n++) void ask('flood');
    expect(begun).toHaveLength(4);
    void ask('other');
    for (let n = 0; n < 2; n++) await endFirst();
    expect([begun.length, turns.inWork]).toEqual([5, 3]); // two of the flood, and the other
    await endFirst();
    expect([begun.length, turns.inWork]).toEqual([6, 3]);
    later(10_000);
    await endFirst();
    expect([begun.length, turns.inWork]).toEqual([9, 5]);
  });

  it('count what is large as several, and let the largest begin all the same', async () => {
    const { ask, begun, endFirst, turns } = start({ maxInWorkOfKey: 4 });
    void ask('a', 'small');
    for (const name of ['large', 'next']) void ask('a', name, 9);
    void ask('b', 'other');
    expect(begun).toEqual(['small', 'large', 'other']);
    expect(turns.inWork).toBe(11);
    await endFirst();
    expect(begun).toHaveLength(3);
    await endFirst();
    expect([begun.at(-1), turns.inWork]).toEqual(['next', 10]);
    for (let n = 0; n < 2; n++) await endFirst();
    expect(turns.inWork).toBe(0);
  });

  it('tell one that has waited too long', async () => {
    const { ask, endFirst, later } = start({ maxInWork: 1, maxWaitMs: 100 });
    const [first, second] = [ask('a'), ask('a')];
    later(101);
    await endFirst();
    await endFirst();
    expect([await first, await second]).toEqual([undefined, 'waited-too-long']);
  });

  it('refuse at once where as many wait as may', async () => {
    const { ask, begun, endFirst } = start({ maxInWork: 1, maxWaitingOfKey: 1 });
    const asked = ['first', 'second', 'third'].map((name) => ask('a', name));
    expect(begun).toEqual(['first', 'third']);
    for (let n = 0; n < 3; n++) await endFirst();
    expect(await Promise.all(asked)).toEqual([undefined, undefined, 'too-many-wait']);
  });

  it('end with work that throws', async () => {
    const { ask, begun, turns } = start({ maxInWork: 1 });
    const failed = turns.run('a', async () => {
      throw new Error('no');
    });
    void ask('b');
    await expect(failed).rejects.toThrow('no');
    expect(begun).toEqual(['b']);
  });

  it('are lent to others by who waits for something else', async () => {
    const { ask, begun, endFirst, turns } = start({ maxInWork: 1 });
    let comeBack = () => {};
    const aside = turns.run('a', async ({ standAside }) => {
      await standAside(
        () =>
          new Promise<void>((resolve) => {
            comeBack = resolve;
          }),
      );
      begun.push('back');
    });
    void ask('b');
    expect(begun).toEqual(['b']);
    comeBack();
    await endFirst();
    await aside;
    expect(begun).toEqual(['b', 'back']);
  });
});
