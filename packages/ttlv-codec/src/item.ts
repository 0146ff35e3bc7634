/**
 * The item: what every encoding (binary, XML, JSON) decodes to and encodes from.
 * It knows item types and tags as numbers, and no message, attribute or operation.
 */

/** Item types and their one-byte codes (KMIP 1.4 §9.1.1.2; Date-Time Extended: KMIP 2.0 §10.1). */
export const ITEM_TYPES = {
  Structure: 0x01,
  Integer: 0x02,
  LongInteger: 0x03,
  BigInteger: 0x04,
  Enumeration: 0x05,
  Boolean: 0x06,
  TextString: 0x07,
  ByteString: 0x08,
  DateTime: 0x09,
  Interval: 0x0a,
  DateTimeExtended: 0x0b,
} as const;

export type ItemType = keyof typeof ITEM_TYPES;

/** One TTLV item. Immutable: a decoder's byte strings are views of the bytes it was given. */
export type TtlvItem =
  | { readonly tag: number; readonly type: 'Structure'; readonly value: readonly TtlvItem[] }
  /** 32-bit signed. Masks are Integers too. */
  | { readonly tag: number; readonly type: 'Integer'; readonly value: number }
  /** 64-bit signed. */
  | { readonly tag: number; readonly type: 'LongInteger'; readonly value: bigint }
  /** Signed, any size. */
  | { readonly tag: number; readonly type: 'BigInteger'; readonly value: bigint }
  /** 32-bit unsigned. */
  | { readonly tag: number; readonly type: 'Enumeration'; readonly value: number }
  | { readonly tag: number; readonly type: 'Boolean'; readonly value: boolean }
  | { readonly tag: number; readonly type: 'TextString'; readonly value: string }
  | { readonly tag: number; readonly type: 'ByteString'; readonly value: Uint8Array }
  /** POSIX seconds, 64-bit signed. */
  | { readonly tag: number; readonly type: 'DateTime'; readonly value: bigint }
  /** Seconds, 32-bit unsigned. */
  | { readonly tag: number; readonly type: 'Interval'; readonly value: number }
  /** POSIX microseconds, 64-bit signed (KMIP 2.x). */
  | { readonly tag: number; readonly type: 'DateTimeExtended'; readonly value: bigint };

/** The item of one type, e.g. `ItemOf<'Structure'>`. */
export type ItemOf<T extends ItemType> = Extract<TtlvItem, { type: T }>;
