import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createPacedStarts } from './paced-starts.ts';

/** Starts of which the test sees when they were let go. */
function start(perTurn: () => number) {
  const starts = createPacedStarts(perTurn);
  const gone: string[] = [];
  return {
    starts,
    gone,
    ask(name: string, isGone = false) {
      void starts.wait(name.charAt(0), () => isGone).then(() => gone.push(name));
    },
  };
}

describe('paced starts', () => {
  it('are so many in a turn of the event loop, by turns of their keys', async () => {
    const { ask, gone, starts } = start(() => 2);
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'a5']) ask(name);
    await Promise.resolve();
    await Promise.resolve();
    expect(gone).toEqual(['a1', 'a2']);
    for (let turns = 0; turns < 20 && starts.waiting > 0; turns++) await nextTurn();
    await nextTurn();
    expect(gone).toEqual(['a1', 'a2', 'a3', 'b1', 'a4', 'b2', 'a5']);
  });

  it('are not used up by those that went away meanwhile', async () => {
    const { ask, gone, starts } = start(() => 1);
    ask('a0');
    for (let n = 1; n < 100; n++) ask(`a${n}`, true);
    ask('b');
    for (let turns = 0; turns < 4; turns++) await nextTurn();
    expect(gone).toContain('b');
    for (let turns = 0; turns < 10 && starts.waiting > 0; turns++) await nextTurn();
    expect(gone).toHaveLength(101);
  });

  it('follow the pace as it changes', async () => {
    let pace = 1;
    const { ask, gone, starts } = start(() => pace);
    for (let n = 0; n < 10; n++) ask(`a${n}`);
    await nextTurn();
    expect(starts.waiting).toBeGreaterThan(0);
    pace = 100;
    for (let turns = 0; turns < 3; turns++) await nextTurn();
    expect(starts.waiting).toBe(0);
    expect(gone).toHaveLength(10);
  });

  it('may be one in several turns', async () => {
    const { ask, gone } = start(() => 0.25);
    for (const name of ['a1', 'a2', 'a3']) ask(name);
    const after = async (turns: number) => {
      for (let n = 0; n < turns; n++) await nextTurn();
      return [...gone];
    };
    expect(await after(3)).toEqual(['a1']);
    expect(await after(3)).toEqual(['a1', 'a2']);
    expect(await after(20)).toEqual(['a1', 'a2', 'a3']);
  });
});
