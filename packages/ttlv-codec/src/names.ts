/**
 * What the XML and JSON encodings need to know of a protocol: names for its numbers.
 * The codec declares the need; `@claviger/kmip-protocol` answers it from its tables.
 */

/** Where a value stands; decides which enumeration or mask it belongs to. */
export interface ValueContext {
  /** Tag of the item that holds the value. */
  readonly tag: number;
  /**
   * The text of the Attribute Name that stands before it in the same structure, for a KMIP 1.x
   * Attribute Value, whose own tag says nothing of its meaning.
   */
  readonly attributeName: string | undefined;
}

/** Names of tags, enumeration values and mask bits, normalised as the KMIP profiles say. */
export interface TtlvNames {
  /** The normalised name of a tag (`CryptographicAlgorithm`), or undefined when it has none. */
  tagName(tag: number): string | undefined;
  tagByName(name: string): number | undefined;
  enumerationName(context: ValueContext, value: number): string | undefined;
  enumerationByName(context: ValueContext, name: string): number | undefined;
  /** Name to bit, in ascending order of bits; undefined when the Integer is no mask. */
  maskBits(context: ValueContext): ReadonlyMap<string, number> | undefined;
}
