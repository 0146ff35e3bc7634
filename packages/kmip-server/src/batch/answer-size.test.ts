import { TAGS } from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roughSize } from './answer-size.ts';

const tag = TAGS.AttributeValue;
const leaf = fc.oneof(
  fc
    .string({ unit: 'binary', maxLength: 300 })
    .map((value) => ({ tag, type: 'TextString', value })),
  fc.uint8Array({ maxLength: 300 }).map((value) => ({ tag, type: 'ByteString', value })),
  fc.bigInt({ min: -(2n ** 2000n), max: 2n ** 2000n }).map((value) => ({
    tag,
    type: 'BigInteger',
    value,
  })),
  fc.integer().map((value) => ({ tag, type: 'Integer', value })),
  fc.boolean().map((value) => ({ tag, type: 'Boolean', value })),
);
const { item } = fc.letrec<{ item: TtlvItem }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 4 },
    // The generators pair types with their values.
    leaf as fc.Arbitrary<TtlvItem>,
    fc
      .array(tie('item'), { maxLength: 5 })
      .map((value): TtlvItem => ({ tag, type: 'Structure', value })),
  ),
}));

it('is between a third and twice of what an item takes', () => {
  fc.assert(
    fc.property(item, (any) => {
      const size = encodeTtlv(any).byteLength;
      expect(roughSize(any)).toBeGreaterThanOrEqual(size / 3);
      expect(roughSize(any)).toBeLessThanOrEqual(size * 2);
    }),
  );
});
