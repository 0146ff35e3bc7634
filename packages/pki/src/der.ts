/**
 * Reads DER (X.690), strictly: definite lengths in their shortest form, tags of one byte, nothing left
 * over. asn1js, with which certificates are built, reads the whole of BER; a name copied from there into
 * a certificate of ours could have an encoding that other readers refuse. Elements are views, and only
 * what is asked for is looked at, so that reading is linear and never deeper than the caller goes.
 */

import { PkiError } from './error.ts';

/** Identifier octets (X.690 §8.1.2) of what is read here. */
export const DerTag = {
  Boolean: 0x01,
  Integer: 0x02,
  BitString: 0x03,
  OctetString: 0x04,
  ObjectIdentifier: 0x06,
  BmpString: 0x1e,
  Sequence: 0x30,
  Set: 0x31,
  /** `[0]`, with bytes. */
  Context0Bytes: 0x80,
  /** `[0]`, constructed. */
  Context0: 0xa0,
  /** `[3]`, constructed. */
  Context3: 0xa3,
} as const;

export interface DerElement {
  /** The identifier octet. */
  readonly tag: number;
  /** View of the content, without tag and length. */
  readonly content: Uint8Array;
  /** View of the whole element. */
  readonly bytes: Uint8Array;
}

const LONG_FORM = 0x80;
const HIGH_TAG_NUMBER = 0x1f;
/** Length fields of up to 3 bytes: 16 MiB, more than any input here may have. */
const MAX_LENGTH_BYTES = 3;
/** Longest object identifier that is read. Those in use have less than 20 bytes. */
const MAX_OID_BYTES = 64;

/**
 * Reads the one element that fills the bytes.
 *
 * @throws PkiError `malformed`.
 */
export function readDer(bytes: Uint8Array, expectedTag?: number): DerElement {
  const element = elementAt(bytes, 0);
  if (element.bytes.length !== bytes.length) {
    throw notDer('bytes follow after its end');
  }
  return expectTag(element, expectedTag);
}

/**
 * Splits the content of a constructed element into its parts.
 *
 * @param expectedTag - What the element itself must be.
 * @throws PkiError `malformed`.
 */
export function partsOf(
  element: DerElement | undefined,
  expectedTag: number,
): readonly DerElement[] {
  const { content } = expectTag(element, expectedTag);
  const parts: DerElement[] = [];
  for (let offset = 0; offset < content.length; ) {
    const part = elementAt(content, offset);
    parts.push(part);
    offset += part.bytes.length;
  }
  return parts;
}

/**
 * Checks what an element is.
 *
 * @throws PkiError `malformed` when it is another, or missing.
 */
export function expectTag(element: DerElement | undefined, expectedTag?: number): DerElement {
  if (element === undefined) {
    throw notDer('a part of it is missing');
  }
  if (expectedTag !== undefined && element.tag !== expectedTag) {
    throw notDer('a part of it is of another kind than it must be');
  }
  return element;
}

/**
 * An object identifier in dotted numbers.
 *
 * @throws PkiError `malformed`.
 */
export function oidOf(element: DerElement | undefined): string {
  const { content } = expectTag(element, DerTag.ObjectIdentifier);
  const last = content.at(-1);
  if (content.length > MAX_OID_BYTES || last === undefined || last >= 0x80) {
    throw notDer('an object identifier in it is damaged');
  }
  const numbers: bigint[] = [];
  let number = 0n;
  for (const byte of content) {
    if (number === 0n && byte === 0x80) {
      throw notDer('an object identifier in it has a leading zero'); // X.690 §8.19.2
    }
    number = (number << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0n;
    }
  }
  // The first two numbers share one: 40 * first + second, where first is at most 2 (X.690 §8.19.4).
  const [joined = 0n, ...rest] = numbers;
  const first = joined < 80n ? joined / 40n : 2n;
  return [first, joined - first * 40n, ...rest].join('.');
}

/**
 * The bytes of a bit string that consists of whole bytes.
 *
 * @returns A view.
 * @throws PkiError `malformed`.
 */
export function bitStringBytes(element: DerElement | undefined): Uint8Array {
  const { content } = expectTag(element, DerTag.BitString);
  if (content[0] !== 0) {
    throw notDer('a bit string in it does not end with a whole byte');
  }
  return content.subarray(1);
}

/** Numbers of up to 4 bytes are counts; larger ones no count here can be. */
const MAX_COUNT_BYTES = 4;

/**
 * A whole number from 0 on.
 *
 * @throws PkiError `malformed`, also for one that is negative or has more than 4 bytes.
 */
export function countOf(element: DerElement | undefined): number {
  const { content } = expectTag(element, DerTag.Integer);
  const [first, second] = content;
  const isShortest = first !== 0 || second === undefined || second >= 0x80; // X.690 §8.3.2
  if (first === undefined || first >= 0x80 || !isShortest || content.length > MAX_COUNT_BYTES) {
    throw notDer('a count in it is damaged or too large');
  }
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

function elementAt(bytes: Uint8Array, start: number): DerElement {
  const tag = bytes[start];
  const lengthByte = bytes[start + 1];
  if (tag === undefined || lengthByte === undefined) {
    throw notDer('it is cut off');
  }
  if ((tag & HIGH_TAG_NUMBER) === HIGH_TAG_NUMBER) {
    throw notDer('a part of it is of an unknown kind');
  }
  const lengthBytes = lengthByte < LONG_FORM ? 0 : lengthByte - LONG_FORM;
  const contentStart = start + 2 + lengthBytes;
  const length =
    lengthByte < LONG_FORM ? lengthByte : longLength(bytes.subarray(start + 2, contentStart));
  const end = contentStart + length;
  if (contentStart > bytes.length || end > bytes.length) {
    throw notDer('it is cut off');
  }
  return {
    tag,
    content: bytes.subarray(contentStart, end),
    bytes: bytes.subarray(start, end),
  };
}

function longLength(bytes: Uint8Array): number {
  const length = bytes.length > MAX_LENGTH_BYTES ? 0 : bytes.reduce((sum, b) => sum * 256 + b, 0);
  // The shortest form has no leading zero, and is used only from 128 on (X.690 §10.1).
  if (length < LONG_FORM || bytes[0] === 0) {
    throw notDer('a length in it is not written in the one way that DER allows');
  }
  return length;
}

function notDer(what: string): PkiError {
  return new PkiError('malformed', `this is not encoded as DER: ${what}`);
}
