import { z } from 'zod';

const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

/**
 * A text without characters that cannot be seen. Checked beside the JSON schema: its patterns are
 * read by validators that know no classes of Unicode.
 */
export function visibleText(words: string, length: { readonly min: number; readonly max: number }) {
  return z
    .string(words)
    .min(length.min, words)
    .max(length.max, words)
    .refine((text) => !INVISIBLE.test(text), words);
}
