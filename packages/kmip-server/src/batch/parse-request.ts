/** From bytes to a request, or to what can be said about bytes that are none (1.4 §11.1). */

import {
  ClavigerError,
  createKmipNames,
  decodeItem,
  isAtLeast,
  ProtocolVersion,
  type RequestBatchItem,
  type RequestHeader,
  RequestMessage,
  TAGS,
  type Version,
  versionOf,
} from '@claviger/kmip-protocol';
import { decodeTtlv, TtlvError, type TtlvItem, type TtlvLimits } from '@claviger/ttlv-codec';

export type ParsedRequest =
  | {
      readonly kind: 'request';
      readonly version: Version;
      readonly header: RequestHeader;
      readonly items: readonly RequestBatchItem[];
    }
  /** A header could be read: the client gets a KMIP answer in this version. */
  | { readonly kind: 'refused'; readonly version: Version; readonly error: ClavigerError }
  | { readonly kind: 'unreadable'; readonly error: ClavigerError };

const tagName = createKmipNames().tagName;

/** Newest version with a major number, for answers to versions that we do not speak. */
const NEWEST: { readonly [major: number]: Version } = { 1: '1.4', 2: '2.1' };

export function parseRequest(bytes: Uint8Array, limits: Partial<TtlvLimits>): ParsedRequest {
  let root: TtlvItem;
  try {
    root = decodeTtlv(bytes, limits, tagName);
  } catch (error) {
    return refuseUndecodable(bytes, error);
  }
  const protocolVersion = findProtocolVersion(root);
  if (protocolVersion === undefined) {
    return { kind: 'unreadable', error: invalid('the message is no KMIP request with a header') };
  }
  const version = versionOf(protocolVersion);
  if (version === undefined) return refuseVersion(protocolVersion);
  try {
    return check(decodeItem(RequestMessage, root, version), version);
  } catch (error) {
    if (error instanceof ClavigerError) return { kind: 'refused', version, error };
    throw error;
  }
}

function check(message: RequestMessage, version: Version): ParsedRequest {
  const { requestHeader: header, batchItem: items } = message;
  if (items.length === 0 || header.batchCount !== items.length) {
    const error = invalid(
      `Batch Count is ${header.batchCount}, but the message has ${items.length} batch items`,
    );
    return { kind: 'refused', version, error };
  }
  if (header.maximumResponseSize !== undefined && header.maximumResponseSize < 0) {
    return {
      kind: 'refused',
      version,
      error: invalid('Maximum Response Size must not be negative'),
    };
  }
  // The header says in 2.x that it wants an asynchronous answer only; there are none.
  if (isAtLeast(version, '2.0') && header.asynchronousIndicator === 'Mandatory') {
    const error = new ClavigerError(
      'feature-not-supported',
      'asynchronous operations are not supported; set the Asynchronous Indicator to Optional',
    );
    return { kind: 'refused', version, error };
  }
  return { kind: 'request', version, header, items };
}

/** The bytes are broken somewhere; the header at their beginning may be whole. */
function refuseUndecodable(bytes: Uint8Array, cause: unknown): ParsedRequest {
  if (!(cause instanceof TtlvError)) throw cause;
  const error = new ClavigerError('invalid-message', cause.message, { cause });
  const protocolVersion = findLeadingVersion(bytes);
  const version = protocolVersion === undefined ? undefined : versionOf(protocolVersion);
  return version === undefined
    ? { kind: 'unreadable', error }
    : { kind: 'refused', version, error };
}

/** Reads the Protocol Version out of a header whose message cannot be decoded as a whole. */
function findLeadingVersion(bytes: Uint8Array): ProtocolVersion | undefined {
  const HEADER_AT = 8; // after the header of Request Message
  if (bytes.byteLength < HEADER_AT + 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = HEADER_AT + 8 + view.getUint32(HEADER_AT + 4);
  if (end > bytes.byteLength) return undefined;
  try {
    return versionIn(decodeTtlv(bytes.subarray(HEADER_AT, end)));
  } catch (error) {
    if (error instanceof TtlvError) return undefined;
    throw error;
  }
}

function findProtocolVersion(root: TtlvItem): ProtocolVersion | undefined {
  if (root.tag !== TAGS.RequestMessage || root.type !== 'Structure') return undefined;
  const [header] = root.value;
  return header === undefined ? undefined : versionIn(header);
}

function versionIn(header: TtlvItem): ProtocolVersion | undefined {
  if (header.tag !== TAGS.RequestHeader || header.type !== 'Structure') return undefined;
  const item = header.value.find(({ tag }) => tag === TAGS.ProtocolVersion);
  if (item === undefined) return undefined;
  try {
    return decodeItem(ProtocolVersion, item, '1.0');
  } catch (error) {
    if (error instanceof ClavigerError) return undefined;
    throw error;
  }
}

function refuseVersion(asked: ProtocolVersion): ParsedRequest {
  const { protocolVersionMajor: major, protocolVersionMinor: minor } = asked;
  return {
    kind: 'refused',
    version: NEWEST[major] ?? (major < 1 ? '1.0' : '2.1'),
    error: new ClavigerError(
      'unsupported-protocol-version',
      `KMIP ${major}.${minor} is not supported; use 1.0 to 1.4, 2.0 or 2.1`,
    ),
  };
}

function invalid(message: string): ClavigerError {
  return new ClavigerError('invalid-message', message);
}
