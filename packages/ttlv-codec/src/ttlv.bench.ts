/** What a typical request costs: `npx vitest bench --config .config/vitest.config.ts packages/ttlv-codec`. */

import { bench, describe } from 'vitest';
import { decodeTtlv } from './decode.ts';
import { decodeJsonText } from './decode-json.ts';
import { decodeXml } from './decode-xml.ts';
import { encodeTtlv } from './encode.ts';
import { encodeJsonText } from './encode-json.ts';
import { encodeXml } from './encode-xml.ts';
import { createFrameReader } from './frame-reader.ts';
import type { TtlvItem } from './item.ts';
import { testNames } from './ttlv-names.fixtures.ts';

/** Create of an AES-256 key as vCenter sends it: 312 bytes, 22 items, six levels deep. */
const create: TtlvItem = {
  tag: 0x420078,
  type: 'Structure',
  value: [
    {
      tag: 0x420077,
      type: 'Structure',
      value: [
        {
          tag: 0x420069,
          type: 'Structure',
          value: [
            { tag: 0x42006a, type: 'Integer', value: 1 },
            { tag: 0x42006b, type: 'Integer', value: 1 },
          ],
        },
        { tag: 0x42000d, type: 'Integer', value: 1 },
      ],
    },
    {
      tag: 0x42000f,
      type: 'Structure',
      value: [
        { tag: 0x42005c, type: 'Enumeration', value: 1 },
        { tag: 0x420093, type: 'ByteString', value: Uint8Array.of(81, 76, 75, 67, 1, 0, 0, 0) },
        {
          tag: 0x420079,
          type: 'Structure',
          value: [
            { tag: 0x420057, type: 'Enumeration', value: 2 },
            {
              tag: 0x420091,
              type: 'Structure',
              value: [
                attribute('Cryptographic Algorithm', { type: 'Enumeration', value: 3 }),
                attribute('Cryptographic Usage Mask', { type: 'Integer', value: 12 }),
                attribute('Cryptographic Length', { type: 'Integer', value: 256 }),
              ],
            },
          ],
        },
      ],
    },
  ],
};

function attribute(
  name: string,
  value: { type: 'Enumeration' | 'Integer'; value: number },
): TtlvItem {
  return {
    tag: 0x420008,
    type: 'Structure',
    value: [
      { tag: 0x42000a, type: 'TextString', value: name },
      { tag: 0x42000b, ...value },
    ],
  };
}

const names = testNames();
const bytes = encodeTtlv(create);
const xml = encodeXml(create, names);
const json = encodeJsonText(create, names);

describe(`Create, ${bytes.length} bytes`, () => {
  bench('decodeTtlv', () => {
    decodeTtlv(bytes);
  });
  bench('encodeTtlv', () => {
    encodeTtlv(create);
  });
  bench('frame reader, one chunk a message', () => {
    const reader = createFrameReader({ maxMessageBytes: 4096 });
    reader.push(bytes);
    reader.next();
  });
  bench('decodeXml', () => {
    decodeXml(xml, names);
  });
  bench('encodeXml', () => {
    encodeXml(create, names);
  });
  bench('decodeJsonText', () => {
    decodeJsonText(json, names);
  });
  bench('encodeJsonText', () => {
    encodeJsonText(create, names);
  });
});
