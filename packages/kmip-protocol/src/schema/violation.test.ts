import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.fixtures.ts';
import { quoted, reportViolations, Violation, within } from './violation.ts';

describe('quoted', () => {
  it.each([
    ['a name', 'x-Product', '"x-Product"'],
    ['quotes and backslashes', 'a"b\\c', '"a\\"b\\\\c"'],
    ['line ends, which would forge a line of a log', 'a\r\nb', '"a\\r\\nb"'],
    ['the terminal', '\u001b[31m', '"\\u001b[31m"'],
    ['letters beyond ASCII', 'Grüße', '"Gr\\u{fc}\\u{df}e"'],
    ['the direction of text', 'a\u202eb', '"a\\u{202e}b"'],
    ['DEL', 'a\u007fb', '"a\\u{7f}b"'],
    ['half a surrogate pair', '\ud800', '"\\ud800"'],
    ['64 characters', 'a'.repeat(64), `"${'a'.repeat(64)}"`],
    ['65 characters', 'a'.repeat(65), `"${'a'.repeat(64)}..."`],
    [
      'many characters of two units each',
      '\u{1f511}'.repeat(70),
      `"${'\\u{1f511}'.repeat(64)}..."`,
    ],
    ['nothing', '', '""'],
  ])('shows %s', (_, name, shown) => {
    expect(quoted(name)).toBe(shown);
  });

  it('looks at no more than the start of a long name', () => {
    expect(quoted('\0'.repeat(10_000_000)).length).toBeLessThan(500);
  });
});

describe('reportViolations', () => {
  it('puts the path, outermost step first, before the message', () => {
    const walk = () =>
      within('A', () =>
        within('B', () => {
          throw new Violation('invalid-field', 'is wrong');
        }),
      );
    expect(errorOf(() => reportViolations(walk))).toEqual({
      code: 'invalid-field',
      message: 'A/B: is wrong.',
    });
  });

  it('lets any other error through as it is', () => {
    const fault = new TypeError('a fault of ours');
    const walk = () =>
      within('A', () => {
        throw fault;
      });
    expect(() => reportViolations(walk)).toThrow(fault);
  });
});
