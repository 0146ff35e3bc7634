/** Query parameters, as the many clients write them. */

import { z } from 'zod';

const WHOLE_NUMBER = /^\d{1,9}$/;

/** A whole number with a default. */
export function integerParameter(range: { min: number; max: number; default: number }) {
  const { min, max } = range;
  const words = `must be: an integer between ${min} and ${max} (inclusive)`;
  return z
    .preprocess(toNumber, z.int(words).min(min, words).max(max, words))
    .default(range.default);
}

/** True or false in any case: Python's clients write `True`. */
export const booleanParameter = z
  .preprocess(toBoolean, z.boolean('must be: true or false'))
  .default(false);

/** An extension of ours: without it resources are exactly what Key Protect answers. */
export const detailsParameter = booleanParameter.describe(
  'Ours: whether resources say more than those of Key Protect.',
);

/** `limit`, `offset` and `totalCount`. */
export function pageParameters(limit: { max: number; default: number }) {
  return {
    limit: integerParameter({ min: 1, ...limit }).describe('How many resources to answer.'),
    offset: integerParameter({ min: 0, max: 999_999_999, default: 0 }).describe(
      'How many resources to pass over.',
    ),
    totalCount: booleanParameter.describe('Whether the metadata say how many match in all.'),
  };
}

/**
 * A list of whole numbers: `1,2`, `1%2C2` and `state=1&state=2` alike; empty as if it were not there.
 */
export function integerListParameter(range: { min: number; max: number; default: number[] }) {
  const { min, max } = range;
  const words = `must be: a list of integers between ${min} and ${max} (inclusive)`;
  return z
    .preprocess(
      (value) => toList(value) ?? range.default,
      z.array(z.int(words).min(min, words).max(max, words), words).max(20, words),
    )
    .default(range.default);
}

/** A list of texts: `a,b` and `x=a&x=b` alike; one that is empty is none. */
export function textListParameter<Element extends z.ZodType>(element: Element, words: string) {
  return z.preprocess(
    (value) => partsOf(value) ?? value,
    z.array(element, words).min(1, words).max(20, words),
  );
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : value;
}

function toBoolean(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : value;
}

function toList(value: unknown): unknown {
  return partsOf(value)?.map(toNumber);
}

function partsOf(value: unknown): readonly unknown[] | undefined {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  const parts = given.flatMap((part) => (typeof part === 'string' ? part.split(',') : [part]));
  const stated = parts.filter((part) => part !== '' && part !== undefined);
  return stated.length === 0 ? undefined : stated;
}
