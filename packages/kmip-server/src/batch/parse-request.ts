/** From bytes to a request, or to what can be said about bytes that are none (1.4 §11.1). */

import {
  assertKnownValues,
  ClavigerError,
  decodeItem,
  isNamedValue,
  ProtocolVersion,
  type RequestBatchItem,
  type RequestHeader,
  RequestMessage,
  TAGS,
  tagLabel,
  type Version,
  versionOf,
} from '@claviger/kmip-protocol';
import { decodeTtlv, TtlvError, type TtlvItem, type TtlvLimits } from '@claviger/ttlv-codec';

/** A message with a header and batch items that agree with it. */
export interface ReadRequest {
  readonly version: Version;
  readonly header: RequestHeader;
  readonly items: readonly RequestBatchItem[];
}

export type ParsedRequest =
  | ({ readonly kind: 'request' } & ReadRequest)
  /** It asks, for all its items, for what there is not: every one of them fails, and none is run. */
  | ({ readonly kind: 'rejected'; readonly error: ClavigerError } & ReadRequest)
  /** A version could be read: the client gets a KMIP answer in it. */
  | { readonly kind: 'refused'; readonly version: Version; readonly error: ClavigerError }
  | { readonly kind: 'unreadable'; readonly error: ClavigerError };

/** Newest version with a major number, for answers to versions that we do not speak. */
const NEWEST: { readonly [major: number]: Version } = { 1: '1.4', 2: '2.1' };

export function parseRequest(bytes: Uint8Array, limits: Partial<TtlvLimits>): ParsedRequest {
  let root: TtlvItem;
  try {
    root = decodeTtlv(bytes, limits, tagLabel);
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
    const parsed = check(decodeItem(RequestMessage, root, version), version);
    const error = parsed.kind === 'request' ? findUnknownValue(root, version) : undefined;
    return error === undefined || parsed.kind !== 'request'
      ? parsed
      : { ...parsed, kind: 'rejected', error };
  } catch (error) {
    if (error instanceof ClavigerError) return { kind: 'refused', version, error };
    throw error;
  }
}

/** What the header says in words of another version; the items are looked at one by one. */
function findUnknownValue(root: TtlvItem, version: Version): ClavigerError | undefined {
  const header = root.type === 'Structure' ? root.value[0] : undefined;
  if (header === undefined) return undefined;
  try {
    assertKnownValues(header, version);
    return undefined;
  } catch (error) {
    if (error instanceof ClavigerError) return error;
    throw error;
  }
}

function check(message: RequestMessage, version: Version): ParsedRequest {
  const { requestHeader: header, batchItem: items } = message;
  if (header.batchCount !== items.length) {
    const error = invalid(
      `Batch Count is ${header.batchCount}, but the message has ${items.length} batch items`,
    );
    return { kind: 'refused', version, error };
  }
  if (header.maximumResponseSize !== undefined && header.maximumResponseSize < 0) {
    const error = invalid('Maximum Response Size must not be negative');
    return { kind: 'refused', version, error };
  }
  const error = findRejection(header, items);
  const request = { version, header, items };
  return error === undefined
    ? { kind: 'request', ...request }
    : { kind: 'rejected', error, ...request };
}

function findRejection(
  header: RequestHeader,
  items: readonly RequestBatchItem[],
): ClavigerError | undefined {
  const indicator = header.asynchronousIndicator;
  if (indicator !== undefined && typeof indicator !== 'boolean' && !isNamedValue(indicator)) {
    return new ClavigerError(
      'invalid-field',
      'the Asynchronous Indicator is none of Mandatory, Optional and Prohibited',
    );
  }
  const option = header.batchErrorContinuationOption;
  if (option !== undefined && !isNamedValue(option)) {
    return new ClavigerError(
      'invalid-field',
      'the Batch Error Continuation Option is none of Continue, Stop and Undo',
    );
  }
  // "SHALL reject the entire message" (1.4 §6.16).
  const isCritical = items.some(({ messageExtension }) =>
    messageExtension.some(({ criticalityIndicator }) => criticalityIndicator),
  );
  return isCritical
    ? new ClavigerError(
        'feature-not-supported',
        'a critical Message Extension is not understood here; send the request without it',
      )
    : undefined;
}

/** The bytes are broken somewhere; the header at their beginning may be whole. */
function refuseUndecodable(bytes: Uint8Array, cause: unknown): ParsedRequest {
  if (!(cause instanceof TtlvError)) throw cause;
  const error = fromTtlvError(cause);
  const protocolVersion = findLeadingVersion(bytes);
  const version = protocolVersion === undefined ? undefined : versionOf(protocolVersion);
  return version === undefined
    ? { kind: 'unreadable', error }
    : { kind: 'refused', version, error };
}

/** The refusal of bytes that are no message; a TtlvError holds no byte of them. */
export function fromTtlvError(cause: TtlvError): ClavigerError {
  const code = cause.code === 'message-too-large' ? cause.code : 'invalid-message';
  return new ClavigerError(code, cause.message, { cause });
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
