import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { collectAfterConnections, findGarbageCollection } from './collect-garbage.ts';

describe('collectAfterConnections', () => {
  it('collects once for so many connections, and tells the observer of each', async () => {
    const seen: string[] = [];
    const observer = { connectionClosed: () => void seen.push('closed') };
    const { connectionClosed } = collectAfterConnections(observer, () => seen.push('collected'), 2);
    for (let closed = 0; closed < 5; closed += 1) {
      connectionClosed();
      await setImmediate();
    }
    expect(seen).toEqual([
      'closed',
      'closed',
      'collected',
      'closed',
      'closed',
      'collected',
      'closed',
    ]);
  });

  it('does not collect within what is observed', () => {
    const seen: string[] = [];
    const observer = { connectionClosed: () => void seen.push('closed') };
    collectAfterConnections(observer, () => seen.push('collected'), 1).connectionClosed();
    expect(seen).toEqual(['closed']);
  });
});

describe('findGarbageCollection', () => {
  it('frees what nobody holds, and leaves no global behind', async () => {
    const freed: string[] = [];
    const registry = new FinalizationRegistry((name: string) => void freed.push(name));
    registry.register({}, 'object');
    findGarbageCollection()();
    await setImmediate();
    expect(freed).toEqual(['object']);
    expect(Object.hasOwn(globalThis, 'gc')).toBe(false);
  });
});
