import { describe, expect, it } from 'vitest';
import { matchesPredicate } from './matches-predicate.ts';
import type { IndexEntry, Predicate } from './records.ts';

const INDEX: readonly IndexEntry[] = [
  { name: 'Name', value: 'a' },
  { name: 'Name', value: 'b' },
  { name: 'Date', value: 10 },
  { name: 'Text', value: '10' },
];

const NAMED_A: Predicate = { kind: 'equals', name: 'Name', value: 'a' };
const NAMED_Z: Predicate = { kind: 'equals', name: 'Name', value: 'z' };

describe('matchesPredicate', () => {
  it.each<readonly [string, Predicate, boolean]>([
    ['a value that is there', NAMED_A, true],
    ['a second value of the name', { kind: 'equals', name: 'Name', value: 'b' }, true],
    ['a value that is not there', NAMED_Z, false],
    ['a value of another name', { kind: 'equals', name: 'Date', value: 'a' }, false],
    ['a text for a number', { kind: 'equals', name: 'Date', value: '10' }, false],
    ['the ends of a range', { kind: 'range', name: 'Date', from: 10, to: 10 }, true],
    ['a range above', { kind: 'range', name: 'Date', from: 11 }, false],
    ['a range below', { kind: 'range', name: 'Date', to: 9 }, false],
    ['a range over a text', { kind: 'range', name: 'Text' }, false],
    ['all of two', { kind: 'and', of: [NAMED_A, NAMED_Z] }, false],
    ['one of two', { kind: 'or', of: [NAMED_A, NAMED_Z] }, true],
    ['all of nothing', { kind: 'and', of: [] }, true],
    ['one of nothing', { kind: 'or', of: [] }, false],
    ['the opposite', { kind: 'not', of: NAMED_Z }, true],
  ])('answers %s', (_name, predicate, expected) => {
    expect(matchesPredicate(INDEX, predicate)).toBe(expected);
  });
});
