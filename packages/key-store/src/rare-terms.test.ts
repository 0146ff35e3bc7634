import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeRareTerms, findRareTerm, makeFilter, mayHold, type RareTerm } from './rare-terms.ts';

const term = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 2 ** 48 - 1 }));
const entries = fc.array(fc.tuple(term, fc.nat({ max: 1023 })), { maxLength: 200 });

it('finds every place of a term, and none of another', () => {
  fc.assert(
    fc.property(entries, term, (list: readonly RareTerm[], other) => {
      const encoded = encodeRareTerms(list);
      for (const wanted of [other, ...list.map(([it]) => it)]) {
        const places = list.filter(([it]) => it === wanted).map(([, position]) => position);
        expect(findRareTerm(encoded, wanted)).toEqual(new Set(places));
      }
    }),
  );
});

it('never denies a term that is there, and denies nearly all others', () => {
  const there = new Set(
    Array.from({ length: 1_500 }, (_, index) => (index * 0x9e3779b97f) % 2 ** 48),
  );
  const filter = makeFilter(there);
  for (const it of there) expect(mayHold(filter, it)).toBe(true);
  const others = Array.from({ length: 20_000 }, (_, index) => (index * 0x7f4a7c15f3 + 1) % 2 ** 48);
  const wrong = others.filter((it) => !there.has(it) && mayHold(filter, it));
  expect(wrong.length).toBeLessThan(100);
});
