import { describe, expect, it } from 'vitest';
import { createGroupRounds, MAX_ROUNDS } from './group-rounds.ts';

describe('the rounds of groups', () => {
  it('count the turns of each group of each adapter, whatever the order of several groups', () => {
    const message = createGroupRounds().forMessage();
    expect([
      message.take('a', ['x']),
      message.take('a', ['x']),
      message.take('b', ['x']),
      message.take('a', ['x', 'y']),
      message.take('a', ['y', 'x']),
      message.take('a', ['x']),
    ]).toEqual([0, 1, 0, 0, 1, 2]);
  });

  it('take back what a message that failed has taken, and no more', () => {
    const rounds = createGroupRounds();
    rounds.forMessage().take('a', ['x']);
    const failed = rounds.forMessage();
    failed.take('a', ['x']);
    failed.take('a', ['x']);
    failed.discard();
    failed.discard();
    expect(rounds.forMessage().take('a', ['x'])).toBe(1);
  });

  it('forget the group that was asked for longest ago when there are too many', () => {
    const message = createGroupRounds().forMessage();
    message.take('a', ['first']);
    message.take('a', ['second']);
    message.take('a', ['first']);
    for (let other = 1; other < MAX_ROUNDS; other++) message.take('a', [`other ${other}`]);
    expect(message.take('a', ['first'])).toBe(2);
    expect(message.take('a', ['second'])).toBe(0);
  });
});
