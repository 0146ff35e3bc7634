import { describe, expect, it } from 'vitest';
import { formatLine, sideBySide, wrapText } from './columns.ts';

describe('columns', () => {
  it('cut a line to its width before they paint it', () => {
    const paint = (text: string) => `<${text}>`;
    expect(formatLine([{ text: 'abc' }, { text: 'defgh', paint }], 6)).toBe('abc<de…>');
    expect(formatLine([{ text: 'abcdef' }, { text: 'g', paint }], 6)).toBe('abcdef');
  });

  it('stand beside each other, the shorter one filled up', () => {
    const lines = sideBySide(
      [[{ text: 'one' }], [{ text: 'three' }], []],
      [[{ text: 'two' }]],
      { left: 5, right: 5 },
      (text) => text,
    );
    expect(lines).toEqual(['one   │ two', 'three │', '      │']);
  });

  it('break texts between words', () => {
    expect(wrapText('a bc def ghijklmnop q', 6)).toEqual(['a bc', 'def', 'ghijklmnop', 'q']);
    expect(wrapText('', 6)).toEqual([]);
  });
});
