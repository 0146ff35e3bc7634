/** Lines of painted text, in one column or in two. Widths count characters before they are painted. */

export interface Segment {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

export type Line = readonly Segment[];

const GUTTER = ' │ ';

/** One line; segments beyond `width` are cut off. */
export function formatLine(line: Line, width = Infinity): string {
  let left = width;
  return line
    .map(({ text, paint }) => {
      const shown = text.length <= left ? text : `${text.slice(0, Math.max(0, left - 1))}…`;
      const part = left > 0 ? shown : '';
      left -= part.length;
      return paint === undefined || part === '' ? part : paint(part);
    })
    .join('');
}

function lengthOf(line: Line): number {
  return line.reduce((length, { text }) => length + text.length, 0);
}

/** Two columns beside each other; the shorter one is filled up with nothing. */
export function sideBySide(
  left: readonly Line[],
  right: readonly Line[],
  widths: { readonly left: number; readonly right: number },
  paintGutter: (text: string) => string,
): readonly string[] {
  const rows = Math.max(left.length, right.length);
  return Array.from({ length: rows }, (_, row) => {
    const line = left[row] ?? [];
    const padding = ' '.repeat(Math.max(0, widths.left - lengthOf(line)));
    const other = formatLine(right[row] ?? [], widths.right);
    return `${formatLine(line, widths.left)}${padding}${paintGutter(GUTTER)}${other}`.trimEnd();
  });
}

/** Breaks a text into lines of at most `width` characters, between words where that is possible. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}
