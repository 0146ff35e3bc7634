/**
 * What a wrapped key or sealed material belongs to. The context is authenticated but not stored: an
 * envelope opens only under the ids it was made for, so rows of a database cannot be exchanged.
 */

import { KeyHierarchyError } from './error.ts';

/** A master key, wrapped by the key that is derived from a passphrase. */
export interface MasterKeyContext {
  readonly purpose: 'master-key';
}

/** A root key, wrapped by the master key. */
export interface RootKeyContext {
  readonly purpose: 'root-key';
  readonly rootKeyId: string;
}

/** An adapter's key, wrapped by its root key. */
export interface AdapterKeyContext {
  readonly purpose: 'adapter-key';
  readonly rootKeyId: string;
  readonly adapterId: string;
}

/** The material of one object at one version, sealed by the adapter's key. */
export interface ObjectMaterialContext {
  readonly purpose: 'object-material';
  readonly adapterId: string;
  readonly objectId: string;
  readonly materialVersion: number;
}

/** The payload of a standard key, sealed by that key's own wrapping key. */
export interface KeyPayloadContext {
  readonly purpose: 'key-payload';
  readonly rootKeyId: string;
}

/** What a client has wrapped by a root key and keeps itself. */
export interface WrappedDataContext {
  readonly purpose: 'wrapped-data';
  readonly rootKeyId: string;
  /** Texts of the client, none of them empty; the same in the same order open it again. */
  readonly associatedData: readonly string[];
}

/** What is sealed by a root key directly, without an adapter. */
export type RootKeyDataContext = KeyPayloadContext | WrappedDataContext;

export type EnvelopeContext =
  | MasterKeyContext
  | RootKeyContext
  | AdapterKeyContext
  | ObjectMaterialContext
  | RootKeyDataContext;

/** What a master key wraps. */
export type WrapContext = RootKeyContext;

const LENGTH_BYTES = 2;
const MAX_FIELD_BYTES = 0xffff;
const UNPAIRED_SURROGATE = /\p{Surrogate}/u;

/**
 * Encodes a context as additional authenticated data: the purpose and then the ids in fixed order,
 * each as two bytes of length (big-endian) and that many bytes of UTF-8.
 *
 * Two different contexts never have the same encoding: the purpose comes first and decides the number
 * and order of the fields (only the last kind of field may repeat), and every field carries its length.
 *
 * @throws KeyHierarchyError `invalid-argument` for an empty or overlong id, an id with an unpaired
 * surrogate (it has no UTF-8 form of its own), or a version that is not a whole number from 0.
 */
export function encodeContext(context: EnvelopeContext): Uint8Array {
  const fields = [context.purpose, ...contextFields(context)];
  const lengths = fields.map(fieldLength);
  const encoded = Buffer.alloc(lengths.reduce((sum, length) => sum + LENGTH_BYTES + length, 0));
  let offset = 0;
  for (const [position, field] of fields.entries()) {
    offset = encoded.writeUInt16BE(lengths[position] ?? 0, offset);
    offset += encoded.write(field, offset, 'utf8');
  }
  return new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.byteLength);
}

/** Names the thing, for error messages: ids only, which are no secrets. */
export function describeContext(context: EnvelopeContext): string {
  switch (context.purpose) {
    case 'master-key':
      return 'the master key';
    case 'root-key':
      return `root key ${context.rootKeyId}`;
    case 'adapter-key':
      return `the key of adapter ${context.adapterId} under root key ${context.rootKeyId}`;
    case 'object-material':
      return `the material of object ${context.objectId}, version ${context.materialVersion}, of adapter ${context.adapterId}`;
    case 'key-payload':
      return `the payload of key ${context.rootKeyId}`;
    case 'wrapped-data':
      return `data wrapped by root key ${context.rootKeyId} with ${JSON.stringify(context.associatedData)}`;
  }
}

function contextFields(context: EnvelopeContext): readonly string[] {
  switch (context.purpose) {
    case 'master-key':
      return [];
    case 'root-key':
      return [context.rootKeyId];
    case 'adapter-key':
      return [context.rootKeyId, context.adapterId];
    case 'object-material':
      return [context.adapterId, context.objectId, versionText(context.materialVersion)];
    case 'key-payload':
      return [context.rootKeyId];
    case 'wrapped-data':
      return [context.rootKeyId, ...context.associatedData];
  }
}

function versionText(version: number): string {
  if (!Number.isSafeInteger(version) || version < 0) {
    throw new KeyHierarchyError(
      'invalid-argument',
      'materialVersion must be a whole number from 0',
    );
  }
  return String(version);
}

function fieldLength(text: string): number {
  const length = Buffer.byteLength(text, 'utf8');
  if (length === 0 || length > MAX_FIELD_BYTES || UNPAIRED_SURROGATE.test(text)) {
    throw new KeyHierarchyError(
      'invalid-argument',
      `an id must be 1 to ${MAX_FIELD_BYTES} bytes of well-formed text`,
    );
  }
  return length;
}
