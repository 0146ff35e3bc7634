/** The laws that hold for every structure and payload in every version. */

import { decodeTtlv, encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { decodeJsonText, encodeJsonText } from '@claviger/ttlv-codec/json';
import { decodeXml, encodeXml } from '@claviger/ttlv-codec/xml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueArbitrary } from '../attributes/attribute-arbitrary.fixtures.ts';
import { createKmipNames } from '../names.ts';
import { DESCRIBED_PAYLOADS, DESCRIBED_STRUCTURES } from './all-structures.fixtures.ts';
import { decodeItem } from './decode.ts';
import { encodeItem } from './encode.ts';

const names = createKmipNames();

/** Each takes an item to the form in which it travels, and back. */
const ENCODINGS: Readonly<Record<string, (item: TtlvItem) => TtlvItem>> = {
  binary: (item) => decodeTtlv(encodeTtlv(item)),
  XML: (item) => decodeXml(encodeXml(item, names), names),
  JSON: (item) => decodeJsonText(encodeJsonText(item, names), names),
};

const RUNS = 8;

describe.each(Object.entries(ENCODINGS))('through %s', (_, travel) => {
  it.each([...DESCRIBED_STRUCTURES, ...DESCRIBED_PAYLOADS])(
    'every $name comes back as it was, in each of its versions',
    ({ schema, versions }) => {
      for (const version of versions) {
        const law = fc.property(valueArbitrary(schema, version), (value) => {
          const item = travel(encodeItem(schema, value, version));
          expect(decodeItem(schema, item, version)).toStrictEqual(value);
        });
        fc.assert(law, { numRuns: RUNS });
      }
    },
  );
});
