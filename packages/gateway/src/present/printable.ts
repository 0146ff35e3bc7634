/**
 * Text that came from elsewhere, fit for a terminal: characters that could steer it, or reorder a
 * line, become spaces.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
}

/** Cuts a text that is longer than `width` characters, and says so. */
export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}
