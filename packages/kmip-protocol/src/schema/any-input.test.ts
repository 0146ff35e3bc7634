/** Whatever comes in: a value or a ClavigerError, and no error that tells what the input held. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueArbitrary } from '../attributes/attribute-arbitrary.fixtures.ts';
import { ClavigerError } from '../error.ts';
import { TAGS } from '../tables/tags.ts';
import {
  DESCRIBED_PAYLOADS,
  DESCRIBED_STRUCTURES,
  type DescribedStructure,
} from './all-structures.fixtures.ts';
import { itemArbitrary } from './arbitrary.fixtures.ts';
import { decodeItem } from './decode.ts';
import { encodeItem } from './encode.ts';
import { damagedArbitrary } from './mutation.fixtures.ts';
import type { StructureSchema } from './schema.ts';

const EVERYTHING = [...DESCRIBED_STRUCTURES, ...DESCRIBED_PAYLOADS];

/** Runs `attempt`; the value or the ClavigerError. Any other error goes on and fails the test. */
function outcomeOf<T>(attempt: () => T): { value: T } | { error: ClavigerError } {
  try {
    return { value: attempt() };
  } catch (error) {
    if (error instanceof ClavigerError) return { error };
    throw error;
  }
}

function damagedItems({ schema, versions }: DescribedStructure) {
  return fc.constantFrom(...versions).chain((version) => {
    const valid = valueArbitrary<StructureSchema>(schema, version).map((value) =>
      encodeItem(schema, value, version),
    );
    return fc.record({ item: damagedArbitrary(valid), version: fc.constant(version) });
  });
}

describe.each(EVERYTHING)('decodeItem of $name', (described) => {
  const { schema, versions } = described;

  it('ends in a value or a ClavigerError for a damaged item; the value can be sent again', () => {
    const law = fc.property(damagedItems(described), ({ item, version }) => {
      const decoded = outcomeOf(() => decodeItem(schema, item, version));
      if (!('value' in decoded)) return;
      const encoded = outcomeOf(() => encodeItem(schema, decoded.value, version));
      if (!('value' in encoded)) return;
      const again = encodeItem(schema, decodeItem(schema, encoded.value, version), version);
      expect(again).toEqual(encoded.value);
    });
    fc.assert(law, { numRuns: 60 });
  });

  it('ends in a value or a ClavigerError for any item under its tag', () => {
    const items = itemArbitrary(4).map((item) => ({ ...item, tag: schema.tag }));
    const law = fc.property(items, fc.constantFrom(...versions), (item, version) => {
      outcomeOf(() => decodeItem(schema, item, version));
    });
    fc.assert(law, { numRuns: 20 });
  });

  it('never tells a value of the input', () => {
    const law = fc.property(damagedItems(described), ({ item, version }) => {
      const decoded = outcomeOf(() => decodeItem(schema, marked(item), version));
      if ('error' in decoded) expect(decoded.error.message).not.toMatch(MARKS);
    });
    fc.assert(law, { numRuns: 60 });
  });
});

const MARKS = /hunter2|68756e74657232|104,117,110|123454321/i;

/** The same tree with values that can be recognised; names of attributes may be told and stay. */
function marked(item: TtlvItem): TtlvItem {
  switch (item.type) {
    case 'Structure':
      return { ...item, value: item.value.map(marked) };
    case 'TextString':
      return item.tag === TAGS.AttributeName ? item : { ...item, value: 'hunter2' };
    case 'ByteString':
      return { ...item, value: new TextEncoder().encode('hunter2') };
    case 'Integer':
    case 'Interval':
    case 'Enumeration':
      return { ...item, value: 123454321 };
    case 'LongInteger':
    case 'BigInteger':
    case 'DateTime':
    case 'DateTimeExtended':
      return { ...item, value: 123454321n };
    case 'Boolean':
      return item;
  }
}

describe.each(EVERYTHING)('encodeItem of $name', ({ schema, versions }) => {
  it('ends in an item or a ClavigerError for whatever it is given', () => {
    const version = fc.constantFrom(...versions);
    const anything = fc.anything({
      withBigInt: true,
      withNullPrototype: true,
      withTypedArray: true,
    });
    const law = fc.property(version, anything, fc.nat(), anything, (at, any, key, other) => {
      outcomeOf(() => encodeItem<StructureSchema>(schema, any, at));
      // Almost right: an object whose keys are fields of the structure.
      const keys = Object.keys(schema.fields);
      const value = Object.fromEntries(
        keys.map((each, i) => [each, i === key % keys.length ? other : any]),
      );
      outcomeOf(() => encodeItem<StructureSchema>(schema, value, at));
    });
    fc.assert(law, { numRuns: 40 });
  });

  it('ends in an item or a ClavigerError for a value with one field replaced', () => {
    const cases = fc
      .constantFrom(...versions)
      .chain((version) =>
        fc.tuple(
          fc.constant(version),
          valueArbitrary<StructureSchema>(schema, version),
          fc.constantFrom('unknown', ...Object.keys(schema.fields)),
          fc.anything({ withBigInt: true, withTypedArray: true }),
        ),
      );
    const law = fc.property(cases, ([version, value, key, other]) => {
      outcomeOf(() =>
        encodeItem<StructureSchema>(schema, { ...Object(value), [key]: other }, version),
      );
    });
    fc.assert(law, { numRuns: 30 });
  });
});
