/** What is looked at in an answer while it is measured: Result Status of each item, and an identifier. */

import { TAGS } from '@claviger/kmip-protocol';

/** Tag, type Enumeration, length 4. */
const RESULT_STATUS = headerOf(TAGS.ResultStatus, 0x05, 4);
const SUCCESS = 0;
const UNIQUE_IDENTIFIER = headerOf(TAGS.UniqueIdentifier, 0x07).subarray(0, 4);
const MESSAGE = headerOf(TAGS.ResultMessage, 0x07).subarray(0, 4);

function headerOf(tag: number, type: number, length = 0): Buffer {
  const header = Buffer.alloc(8);
  header.writeUIntBE(tag, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt32BE(length, 4);
  return header;
}

/** @throws Error unless the answer has this many items and each has succeeded. */
export function assertSuccess(answer: Uint8Array, items: number): void {
  const bytes = bufferOf(answer);
  let found = 0;
  let at = bytes.indexOf(RESULT_STATUS);
  while (at !== -1) {
    if (bytes.readUInt32BE(at + RESULT_STATUS.length) !== SUCCESS) throw refused(bytes);
    found += 1;
    at = bytes.indexOf(RESULT_STATUS, at + RESULT_STATUS.length);
  }
  if (found !== items) throw new Error(`The answer has ${found} items of ${items}.`);
}

/** The first Unique Identifier. @throws Error when there is none. */
export function identifierIn(answer: Uint8Array): string {
  const id = textAfter(bufferOf(answer), UNIQUE_IDENTIFIER);
  if (id === undefined) throw new Error('The answer has no Unique Identifier.');
  return id;
}

function refused(bytes: Buffer): Error {
  return new Error(`The server refused a request: ${textAfter(bytes, MESSAGE) ?? 'no reason'}`);
}

function textAfter(bytes: Buffer, tagAndType: Buffer): string | undefined {
  const at = bytes.indexOf(tagAndType);
  if (at === -1) return undefined;
  const length = bytes.readUInt32BE(at + 4);
  return bytes.toString('utf8', at + 8, at + 8 + length);
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
