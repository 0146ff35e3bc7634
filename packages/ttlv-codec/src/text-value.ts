/**
 * Values as text, for XML and JSON alike (KMIP Additional Message Encodings 1.0 §4.1 and §6.1).
 *
 * Writing follows each encoding's own rules; reading accepts what either of them writes, since they
 * differ only in details (a mask's separator, a Big Integer's prefix) and are never ambiguous.
 */

import { bigIntegerFromBytes } from './big-integer.ts';
import { formatMicroseconds, formatSeconds, parseMicroseconds, parseSeconds } from './date-time.ts';
import type { TtlvErrorCode } from './error.ts';
import { fromHex } from './hex.ts';
import { ITEM_TYPES, type ItemOf, type ItemType, type TtlvItem } from './item.ts';
import type { TtlvNames, ValueContext } from './names.ts';
import { tagHex } from './path.ts';
import { utf8Length } from './utf8.ts';

/** Why a text is no value of its type. The message never repeats the text. */
export interface ValueFault {
  readonly fault: TtlvErrorCode;
  readonly message: string;
}

/** Whether `text` names an item type. */
export function isItemType(text: unknown): text is ItemType {
  return typeof text === 'string' && Object.hasOwn(ITEM_TYPES, text);
}

/** The name of a tag where that name leads back to the tag, otherwise `0x54ABCD`. */
export function formatTag(tag: number, names: TtlvNames): string {
  const name = names.tagName(tag);
  return name !== undefined && names.tagByName(name) === tag ? name : tagHex(tag);
}

/** The tag of a name or of `0x` and six digits. */
export function parseTag(text: string, names: TtlvNames): number | undefined {
  return /^0x[0-9a-fA-F]{6}$/.test(text) ? Number(text) : names.tagByName(text);
}

/** The fault of a text that {@link parseTag} does not know. A name is no value and may be repeated. */
export function unknownTag(text: string): ValueFault {
  const shown = /^\w{1,64}$/.test(text) ? `"${text}"` : 'This text';
  return { fault: 'unknown-name', message: `${shown} is no tag name and no 0x and 6 digits` };
}

/** The name of an enumeration's value where it leads back to the value, otherwise `0x80000001`. */
export function formatEnumeration(value: number, context: ValueContext, names: TtlvNames): string {
  const name = names.enumerationName(context, value);
  const leadsBack = name !== undefined && names.enumerationByName(context, name) === value;
  return leadsBack ? name : hex32(value);
}

/**
 * The names of a mask's bits, what has no name as one hexadecimal number; undefined when the Integer is
 * no mask or no bit is set.
 */
export function formatMask(
  value: number,
  context: ValueContext,
  names: TtlvNames,
  separator: string,
): string | undefined {
  const bits = value === 0 ? undefined : names.maskBits(context);
  if (bits === undefined) return undefined;
  const parts: string[] = [];
  let rest = value;
  for (const [name, bit] of bits) {
    if (bit === 0 || (rest & bit) !== (bit | 0)) continue;
    parts.push(name);
    rest &= ~bit;
  }
  if (rest !== 0) parts.push(hex32(rest));
  return parts.join(separator);
}

/** ISO 8601, or hexadecimal for what lies outside the years 0000 to 9999. */
export function formatDateTime(item: ItemOf<'DateTime'> | ItemOf<'DateTimeExtended'>): string {
  const text =
    item.type === 'DateTime' ? formatSeconds(item.value) : formatMicroseconds(item.value);
  return text ?? hex64(item.value);
}

/** `0x` and 16 digits of a signed 64-bit number. */
export function hex64(value: bigint): string {
  return `0x${BigInt.asUintN(64, value).toString(16).padStart(16, '0')}`;
}

function hex32(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}

/** The item of a value written as text; any type but Structure. */
export function parseValue(
  type: Exclude<ItemType, 'Structure'>,
  text: string,
  context: ValueContext,
  names: TtlvNames,
): TtlvItem | ValueFault {
  const { tag } = context;
  const value = type === 'TextString' ? text : text.trim();
  switch (type) {
    case 'Integer': {
      const bits = names.maskBits(context);
      const number = bits === undefined ? int32(value) : mask(value, bits);
      return typeof number === 'object' ? number : { tag, type, value: number };
    }
    case 'Enumeration': {
      const number = fixedHex(value, 32) ?? names.enumerationByName(context, value);
      if (number !== undefined) return { tag, type, value: Number(number) };
      return { fault: 'unknown-name', message: 'No value of this Enumeration has this name' };
    }
    case 'Interval': {
      const number = fixedHex(value, 32) ?? decimal(value);
      if (number === undefined) return notA('an Interval', 'a decimal number of seconds');
      if (BigInt.asUintN(32, number) !== number) return outOfRange('a 32-bit unsigned Interval');
      return { tag, type, value: Number(number) };
    }
    case 'LongInteger': {
      const number = signedHex64(value) ?? decimal(value);
      if (number === undefined) return notA('a Long Integer', 'a decimal number');
      if (BigInt.asIntN(64, number) !== number) return outOfRange('a 64-bit signed Long Integer');
      return { tag, type, value: number };
    }
    case 'BigInteger': {
      const bytes = fromHex(/^0x/.test(value) ? value.slice(2) : value);
      if (bytes === undefined || bytes.length === 0 || bytes.length % 8 !== 0) {
        return notA('a Big Integer', 'hexadecimal, a multiple of 16 digits');
      }
      return { tag, type, value: bigIntegerFromBytes(bytes) };
    }
    case 'Boolean': {
      const number = fixedHex(value, 64);
      if (value === 'true' || value === '1' || number === 1n) return { tag, type, value: true };
      if (value === 'false' || value === '0' || number === 0n) return { tag, type, value: false };
      return notA('a Boolean', 'true or false');
    }
    case 'TextString':
      if (utf8Length(value) >= 0) return { tag, type, value };
      return { fault: 'invalid-text', message: 'The text holds a lone surrogate' };
    case 'ByteString': {
      const bytes = fromHex(value);
      if (bytes === undefined) return notA('a Byte String', 'an even number of hexadecimal digits');
      return { tag, type, value: bytes };
    }
    case 'DateTime': {
      const seconds = signedHex64(value) ?? parseSeconds(value);
      if (seconds === undefined) return notA('a Date-Time', 'an ISO 8601 date and time');
      return { tag, type, value: seconds };
    }
    case 'DateTimeExtended': {
      const microseconds = signedHex64(value) ?? parseMicroseconds(value);
      if (microseconds === undefined) return notA('a Date-Time', 'an ISO 8601 date and time');
      return { tag, type, value: microseconds };
    }
  }
}

/** A list of names and numbers, separated by spaces (XML) or bars (JSON). */
function mask(text: string, bits: ReadonlyMap<string, number>): number | ValueFault {
  let value = 0;
  for (const part of text.split(/[\s|]+/)) {
    if (part === '') continue;
    const bit = bits.get(part) ?? int32(part);
    if (typeof bit === 'object') {
      return bit.fault === 'invalid-value'
        ? { fault: 'unknown-name', message: 'No bit of this mask has this name' }
        : bit;
    }
    value |= bit;
  }
  return value;
}

function int32(text: string): number | ValueFault {
  const hex = fixedHex(text, 32);
  if (hex !== undefined) return Number(BigInt.asIntN(32, hex));
  const number = decimal(text);
  if (number === undefined) return notA('an Integer', 'a decimal number');
  if (BigInt.asIntN(32, number) !== number) return outOfRange('a 32-bit signed Integer');
  return Number(number);
}

/** `0x` and as many digits as fit; the leading zeros that the specification asks for may be missing. */
function fixedHex(text: string, bits: number): bigint | undefined {
  if (text.length > 2 + bits / 4 || !/^0x[0-9a-fA-F]+$/.test(text)) return undefined;
  return BigInt(text);
}

function signedHex64(text: string): bigint | undefined {
  const number = fixedHex(text, 64);
  return number === undefined ? undefined : BigInt.asIntN(64, number);
}

function decimal(text: string): bigint | undefined {
  return /^[+-]?\d{1,32}$/.test(text) ? BigInt(text) : undefined;
}

function notA(type: string, form: string): ValueFault {
  return { fault: 'invalid-value', message: `The value of ${type} is ${form}` };
}

function outOfRange(expected: string): ValueFault {
  return { fault: 'value-out-of-range', message: `The value does not fit ${expected}` };
}
