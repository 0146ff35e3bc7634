import { expect, it } from 'vitest';
import { cut, printable } from './printable.ts';

it('takes what could steer a terminal out of a text', () => {
  expect(printable('a\u001b[31mb\r\nc\u009bd\u202ee')).toBe('a [31mb  c d e');
  expect(printable('Zoë, 日本')).toBe('Zoë, 日本');
});

it('cuts a text and says so', () => {
  expect(cut('abcdef', 6)).toBe('abcdef');
  expect(cut('abcdefg', 6)).toBe('abcde…');
});
