/** Random items for property tests, of every type and at every edge of a type's range. */

import fc from 'fast-check';
import type { ItemType, TtlvItem } from './item.ts';

export interface TtlvItemArbitraryOptions {
  /** Nesting below the root; 4 unless told. */
  readonly maxDepth?: number;
  /** What Text Strings hold; unless told any text that UTF-8 can express, control characters included. */
  readonly text?: fc.Arbitrary<string>;
}

/** Items of all types, nested, with tags that often repeat and often have a name. */
export function ttlvItemArbitrary(options: TtlvItemArbitraryOptions = {}): fc.Arbitrary<TtlvItem> {
  const tag = fc.oneof(
    fc.integer({ min: 0x420001, max: 0x420010 }),
    fc.integer({ min: 0x420000, max: 0x42ffff }),
    fc.integer({ min: 0x540000, max: 0x54ffff }),
  );
  const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  const uint32 = fc.integer({ min: 0, max: 0xffffffff });
  const text = options.text ?? fc.string({ unit: 'binary', maxLength: 40 });
  const values = {
    Integer: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    LongInteger: int64,
    BigInteger: fc.oneof(int64, fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n })),
    Enumeration: uint32,
    Boolean: fc.boolean(),
    TextString: text,
    ByteString: fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
    DateTime: int64,
    Interval: uint32,
    DateTimeExtended: int64,
  } satisfies Record<Exclude<ItemType, 'Structure'>, fc.Arbitrary<unknown>>;
  const item = <V>(type: string, value: fc.Arbitrary<V>) =>
    // The table above pairs each type with its values, which the type of a record's entries cannot say.
    fc.record({ tag, type: fc.constant(type), value }) as unknown as fc.Arbitrary<TtlvItem>;
  const primitives = Object.entries(values).map(([type, value]) => item<unknown>(type, value));
  const { tree } = fc.letrec<{ tree: TtlvItem }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: options.maxDepth ?? 4, depthSize: 'small' },
      fc.oneof(...primitives),
      item('Structure', fc.array(tie('tree'), { maxLength: 6 })),
    ),
  }));
  return tree;
}
