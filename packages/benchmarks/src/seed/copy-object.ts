/** A key like another one: same attributes, with an identifier, a Name and key bytes of its own. */

import { createHash } from 'node:crypto';
import type { IndexEntry, ObjectRecord } from '@claviger/key-store';
import { decodeStoredObject } from '@claviger/kmip-protocol';

/** A key that the gateway made, opened. */
export interface Pattern {
  readonly record: ObjectRecord;
  readonly identity: KeyIdentity;
  /** The object in the clear, as it is encoded before it is sealed. */
  readonly object: Uint8Array;
}

/** What no two keys have in common. Each is as long as that of the pattern. */
export interface KeyIdentity {
  readonly id: string;
  /** The Name, and the text of the custom attribute. */
  readonly name: string;
  readonly key: Uint8Array;
}

/** @throws Error when the object is no symmetric key in the clear. */
export function keyBytesOf(object: Uint8Array): Uint8Array {
  const value = decodeStoredObject(object).symmetricKey?.keyBlock.keyValue;
  const material = value instanceof Uint8Array ? undefined : value?.keyMaterial;
  if (material instanceof Uint8Array) return material;
  throw new Error('The pattern is no symmetric key in the clear.');
}

/** @returns The record, still with the sealed material of the pattern, and the object to seal for it. */
export function copyOf(
  { record, identity, object }: Pattern,
  own: KeyIdentity,
): { readonly record: ObjectRecord; readonly object: Uint8Array } {
  const bytes = exchanges(identity, own);
  const texts = bytes.flatMap(([from, to]): Exchange[] => [
    [from, to],
    [hexOf(from), hexOf(to)],
  ]);
  return {
    record: {
      ...record,
      id: own.id,
      attributes: exchangeBytes(record.attributes, bytes),
      index: record.index.map(
        (entry): IndexEntry =>
          typeof entry.value === 'string'
            ? { ...entry, value: exchange(entry.value, texts) }
            : entry,
      ),
      uniqueNames: record.uniqueNames.map((name) => exchange(name, texts)),
    },
    object: exchangeBytes(object, bytes),
  };
}

/** What stands for what; characters are bytes. */
type Exchange = readonly [from: string, to: string];

function exchanges(from: KeyIdentity, to: KeyIdentity): readonly Exchange[] {
  return [
    [from.id, to.id],
    [from.name, to.name],
    [characters(from.key), characters(to.key)],
    [digest(from.key), digest(to.key)], // the attribute Digest
    [digest(from.id), digest(to.id)], // the Short Unique Identifier
  ];
}

function exchange(text: string, all: readonly Exchange[]): string {
  // By a function: in a text, `$` would have a meaning.
  return all.reduce((done, [from, to]) => done.replaceAll(from, () => to), text);
}

function exchangeBytes(bytes: Uint8Array, all: readonly Exchange[]): Uint8Array {
  return Buffer.from(exchange(characters(bytes), all), 'latin1');
}

function characters({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}

function digest(data: Uint8Array | string): string {
  return characters(createHash('sha256').update(data).digest());
}

function hexOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}
