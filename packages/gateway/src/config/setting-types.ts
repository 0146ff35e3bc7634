/** The kinds of values that settings have, each with the words for when it is something else. */
import { z } from 'zod';

export function wholeNumber(from: number, to: number) {
  const error = `must be a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

export const PORT = wholeNumber(0, 65_535);

export function text(error = 'must be a text that is not empty') {
  return z.string({ error }).min(1, { error });
}

export function oneOf<const T extends readonly string[]>(...values: T) {
  return z.enum(values, { error: `must be one of: ${values.join(', ')}` });
}

export function pattern(form: RegExp, error: string) {
  return z.string({ error }).regex(form, { error });
}

export function yesOrNo() {
  return z.boolean({ error: 'must be true or false' });
}

export function listOf<T extends z.ZodType>(element: T) {
  return z.array(element, { error: 'must be a list' });
}

/** A table; where its settings all have defaults, it may be missing as a whole. */
export function section<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, { error: 'must be a table' });
}
