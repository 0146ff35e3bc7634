/** Items beside their bytes: the examples of KMIP 1.4 §9.1.2 and the edges of every type. */

import { fromHex } from './hex.ts';
import type { TtlvItem } from './item.ts';

export type GoodRow = readonly [name: string, item: TtlvItem, hex: string];

const TAG = 0x420020;

/** Bytes of hexadecimal digits between which spaces and bars may stand. */
export function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex.replaceAll(/[\s|]/g, ''));
  if (bytes === undefined) throw new Error(`no hexadecimal bytes: ${hex}`);
  return bytes;
}

export const SPECIFICATION_EXAMPLES: readonly GoodRow[] = [
  [
    'Integer 8',
    { tag: TAG, type: 'Integer', value: 8 },
    '420020 | 02 | 00000004 | 00000008 00000000',
  ],
  [
    'Long Integer 123456789000000000',
    { tag: TAG, type: 'LongInteger', value: 123456789000000000n },
    '420020 | 03 | 00000008 | 01B69B4BA5749200',
  ],
  [
    'Big Integer 1234567890000000000000000000',
    { tag: TAG, type: 'BigInteger', value: 1234567890000000000000000000n },
    '420020 | 04 | 00000010 | 0000000003FD35EB 6BC2DF4618080000',
  ],
  [
    'Enumeration 255',
    { tag: TAG, type: 'Enumeration', value: 255 },
    '420020 | 05 | 00000004 | 000000FF 00000000',
  ],
  [
    'Boolean True',
    { tag: TAG, type: 'Boolean', value: true },
    '420020 | 06 | 00000008 | 0000000000000001',
  ],
  [
    'Text String "Hello World"',
    { tag: TAG, type: 'TextString', value: 'Hello World' },
    '420020 | 07 | 0000000B | 48656C6C6F20576F726C64 0000000000',
  ],
  [
    'Byte String 01 02 03',
    { tag: TAG, type: 'ByteString', value: Uint8Array.of(1, 2, 3) },
    '420020 | 08 | 00000003 | 010203 0000000000',
  ],
  [
    'Date-Time 2008-03-14T11:56:40Z',
    { tag: TAG, type: 'DateTime', value: 1205495800n },
    '420020 | 09 | 00000008 | 0000000047DA67F8',
  ],
  [
    'Interval of 10 days',
    { tag: TAG, type: 'Interval', value: 864000 },
    '420020 | 0A | 00000004 | 000D2F00 00000000',
  ],
  [
    'Structure of an Enumeration and an Integer',
    {
      tag: TAG,
      type: 'Structure',
      value: [
        { tag: 0x420004, type: 'Enumeration', value: 254 },
        { tag: 0x420005, type: 'Integer', value: 255 },
      ],
    },
    `420020 | 01 | 00000020 | 420004 | 05 | 00000004 | 000000FE 00000000
                             420005 | 02 | 00000004 | 000000FF 00000000`,
  ],
];

export const EDGES: readonly GoodRow[] = [
  [
    'the least Integer',
    { tag: TAG, type: 'Integer', value: -(2 ** 31) },
    '420020 02 00000004 80000000 00000000',
  ],
  ['Integer -1', { tag: TAG, type: 'Integer', value: -1 }, '420020 02 00000004 FFFFFFFF 00000000'],
  [
    'the least Long Integer',
    { tag: TAG, type: 'LongInteger', value: -(2n ** 63n) },
    '420020 03 00000008 8000000000000000',
  ],
  [
    'Big Integer 0',
    { tag: TAG, type: 'BigInteger', value: 0n },
    '420020 04 00000008 0000000000000000',
  ],
  [
    'Big Integer -1',
    { tag: TAG, type: 'BigInteger', value: -1n },
    '420020 04 00000008 FFFFFFFFFFFFFFFF',
  ],
  [
    'the greatest Big Integer of 8 bytes',
    { tag: TAG, type: 'BigInteger', value: 2n ** 63n - 1n },
    '420020 04 00000008 7FFFFFFFFFFFFFFF',
  ],
  [
    'the least Big Integer of 8 bytes',
    { tag: TAG, type: 'BigInteger', value: -(2n ** 63n) },
    '420020 04 00000008 8000000000000000',
  ],
  [
    'the first positive Big Integer that needs a sign byte',
    { tag: TAG, type: 'BigInteger', value: 2n ** 63n },
    '420020 04 00000010 0000000000000000 8000000000000000',
  ],
  [
    'the first negative Big Integer that needs a sign byte',
    { tag: TAG, type: 'BigInteger', value: -(2n ** 63n) - 1n },
    '420020 04 00000010 FFFFFFFFFFFFFFFF 7FFFFFFFFFFFFFFF',
  ],
  [
    'an Enumeration of the extension range',
    { tag: TAG, type: 'Enumeration', value: 0x80000001 },
    '420020 05 00000004 80000001 00000000',
  ],
  [
    'Boolean False',
    { tag: TAG, type: 'Boolean', value: false },
    '420020 06 00000008 0000000000000000',
  ],
  ['an empty Text String', { tag: TAG, type: 'TextString', value: '' }, '420020 07 00000000'],
  [
    'a Text String of exactly eight bytes, which takes no padding',
    { tag: TAG, type: 'TextString', value: 'Grüße!' },
    '420020 07 00000008 4772C3BCC39F6521',
  ],
  [
    'a Text String that starts with a byte order mark and ends with a NUL',
    { tag: TAG, type: 'TextString', value: '\uFEFFa\0' },
    '420020 07 00000005 EFBBBF6100 000000',
  ],
  [
    'a Text String beyond the basic plane',
    { tag: TAG, type: 'TextString', value: '🔑' },
    '420020 07 00000004 F09F9491 00000000',
  ],
  [
    'a long Text String of letters',
    { tag: TAG, type: 'TextString', value: 'abcdefgh'.repeat(5) },
    `420020 07 00000028 ${'6162636465666768'.repeat(5)}`,
  ],
  [
    'an empty Byte String',
    { tag: TAG, type: 'ByteString', value: new Uint8Array() },
    '420020 08 00000000',
  ],
  [
    'a Date-Time before 1970',
    { tag: TAG, type: 'DateTime', value: -1n },
    '420020 09 00000008 FFFFFFFFFFFFFFFF',
  ],
  [
    'the greatest Interval',
    { tag: TAG, type: 'Interval', value: 0xffffffff },
    '420020 0A 00000004 FFFFFFFF 00000000',
  ],
  [
    'a Date-Time Extended',
    { tag: TAG, type: 'DateTimeExtended', value: 1205495800123456n },
    '420020 0B 00000008 000448645CF1D040',
  ],
  ['an empty Structure', { tag: TAG, type: 'Structure', value: [] }, '420020 01 00000000'],
  [
    'an extension tag',
    { tag: 0x54ffff, type: 'Structure', value: [{ tag: 0x540000, type: 'Integer', value: 0 }] },
    '54FFFF 01 00000010 540000 02 00000004 00000000 00000000',
  ],
];
