import { describe, expect, it } from 'vitest';
import { assertSuccess, identifierIn } from './answer.ts';

const SUCCESS = '42007f05000000040000000000000000';
const FAILURE = '42007f05000000040000000100000000';
const ID = '42009407000000013700000000000000';

function answer(...items: readonly string[]): Uint8Array {
  return Buffer.from(items.join(''), 'hex');
}

describe('assertSuccess', () => {
  it('takes an answer in which each item has succeeded', () => {
    expect(() => assertSuccess(answer(SUCCESS, SUCCESS), 2)).not.toThrow();
  });

  it.each([
    ['an item that failed', answer(SUCCESS, FAILURE), 'refused'],
    ['an item too few', answer(SUCCESS), '1 items of 2'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => assertSuccess(bytes, 2)).toThrow(message);
  });
});

describe('identifierIn', () => {
  it('reads the first Unique Identifier', () => {
    expect(identifierIn(answer(SUCCESS, ID))).toBe('7');
  });

  it('refuses an answer without one', () => {
    expect(() => identifierIn(answer(SUCCESS))).toThrow('no Unique Identifier');
  });
});
