/**
 * From the bytes of a response message to one result for each item asked for. Everything that the request
 * promises about its answer is checked here: version, count, operations and ids.
 */

import {
  decodeItem,
  OPERATION_SCHEMAS,
  ProtocolVersion,
  type ResponseBatchItem,
  ResponseMessage,
  type Schema,
  TAGS,
  tagLabel,
  type Version,
  versionOf,
} from '@claviger/kmip-protocol';
import { decodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { KmipClientError, type OperationFailure } from './error.ts';
import type { AnyOperation } from './payloads.ts';

export interface ExpectedItem {
  readonly operation: AnyOperation;
  /** Undefined when none was sent, which is only possible for a single item. */
  readonly id: Uint8Array | undefined;
}

export interface ExpectedResponse {
  readonly version: Version;
  readonly items: readonly ExpectedItem[];
  /** Whether the server may leave out items after one that failed (1.4 §6.13). */
  readonly mayStopEarly: boolean;
  readonly maximumMessageBytes: number;
}

export type ItemResult =
  | { readonly kind: 'success'; readonly payload: unknown }
  | ({ readonly kind: 'failure' } & OperationFailure)
  | { readonly kind: 'skipped' };

export type ParsedResponse =
  /** One result for each item, in the order of the request. */
  | { readonly kind: 'items'; readonly results: readonly ItemResult[] }
  /** The message as a whole was refused: no item was looked at. */
  | { readonly kind: 'refused'; readonly failure: OperationFailure };

/** Bytes of the smallest item: no message can hold more items than its bytes allow. */
const SMALLEST_ITEM_BYTES = 8;

/**
 * Reads one response message. Byte strings of payloads are views of `bytes`.
 * @throws KmipClientError `malformed-response` when it is no answer to what was asked.
 */
export function parseResponse(bytes: Uint8Array, expected: ExpectedResponse): ParsedResponse {
  const { version, message } = decodeMessage(bytes, expected.maximumMessageBytes);
  const items = message.batchItem;
  const { batchCount } = message.responseHeader;
  if (batchCount !== items.length) {
    throw malformed(`its header announces ${batchCount} batch items and it has ${items.length}`);
  }
  const refusal = refusalIn(items, version === expected.version);
  if (refusal !== undefined) return { kind: 'refused', failure: refusal };
  if (version !== expected.version) {
    throw malformed(`it is in KMIP ${version}, the request was in ${expected.version}`);
  }
  return { kind: 'items', results: matchItems(items, expected) };
}

function decodeMessage(bytes: Uint8Array, maximumMessageBytes: number) {
  try {
    const item = decodeTtlv(
      bytes,
      {
        maxMessageBytes: maximumMessageBytes,
        maxItems: Math.ceil(maximumMessageBytes / SMALLEST_ITEM_BYTES),
      },
      tagLabel,
    );
    const version = versionIn(item);
    return { version, message: decodeItem(ResponseMessage, item, version) };
  } catch (error) {
    throw asMalformed(error);
  }
}

/** The version comes first of all: without it nothing else can be read. */
function versionIn(message: TtlvItem): Version {
  const header = child(message, TAGS.ResponseHeader);
  const item = header === undefined ? undefined : child(header, TAGS.ProtocolVersion);
  if (item === undefined) throw malformed('it has no Protocol Version in a Response Header');
  const named = decodeItem(ProtocolVersion, item, '1.0');
  const version = versionOf(named);
  if (version !== undefined) return version;
  const { protocolVersionMajor: major, protocolVersionMinor: minor } = named;
  throw malformed(`it is in KMIP ${major}.${minor}, which this client does not know`);
}

function child(parent: TtlvItem, tag: number): TtlvItem | undefined {
  return parent.type === 'Structure' ? parent.value.find((item) => item.tag === tag) : undefined;
}

/**
 * A server that cannot read a request, or does not speak its version, answers with a single failure that
 * names no item, maybe in a version of its own.
 */
function refusalIn(
  items: readonly ResponseBatchItem[],
  isSameVersion: boolean,
): OperationFailure | undefined {
  const [only, second] = items;
  if (only?.resultStatus !== 'OperationFailed' || second !== undefined) return undefined;
  return only.uniqueBatchItemID === undefined || !isSameVersion ? failureOf(only) : undefined;
}

function matchItems(items: readonly ResponseBatchItem[], expected: ExpectedResponse): ItemResult[] {
  const results = new Map<number, ItemResult>();
  const places = new Map(expected.items.map(({ id }, place) => [keyOf(id), place]));
  const isWithoutIds = places.has(NO_ID);
  for (const item of items) {
    const place = isWithoutIds ? 0 : places.get(keyOf(item.uniqueBatchItemID));
    const wanted = place === undefined ? undefined : expected.items[place];
    if (place === undefined || wanted === undefined) {
      throw malformed('a batch item has no Unique Batch Item ID of the request');
    }
    if (results.has(place)) throw malformed('two batch items answer the same request');
    results.set(place, resultOf(item, wanted.operation, expected.version));
  }
  const hasFailure = [...results.values()].some((result) => result.kind === 'failure');
  if (results.size < expected.items.length && !(expected.mayStopEarly && hasFailure)) {
    throw malformed(`it answers ${results.size} of ${expected.items.length} batch items`);
  }
  return expected.items.map((_, place) => results.get(place) ?? { kind: 'skipped' });
}

const NO_ID = 'none';

/** Bytes as something that a Map compares by value. */
function keyOf(id: Uint8Array | undefined): string {
  return id === undefined ? NO_ID : id.join('.');
}

function resultOf(item: ResponseBatchItem, operation: AnyOperation, version: Version): ItemResult {
  if (operation === 'Poll') return polledOf(item, version);
  if (item.operation !== undefined && item.operation !== operation) {
    throw malformed(`a batch item answers ${item.operation} where ${operation} was asked for`);
  }
  if (item.resultStatus === 'OperationPending') {
    throw malformed(`${operation} was answered asynchronously, which was not asked for`);
  }
  if (item.resultStatus !== 'Success') return { kind: 'failure', ...failureOf(item) };
  if (item.operation === undefined) throw malformed('a successful batch item names no operation');
  return { kind: 'success', payload: payloadOf(item, operation, version) };
}

/** Poll is answered with the operation that was asked for at first, once that has ended (1.4 §4.28). */
function polledOf(item: ResponseBatchItem, version: Version): ItemResult {
  const { operation, resultStatus } = item;
  if (resultStatus === 'OperationPending') return { kind: 'success', payload: { kind: 'pending' } };
  if (resultStatus !== 'Success') return { kind: 'failure', ...failureOf(item) };
  if (operation === undefined || operation === 'Poll' || !isDescribed(operation)) {
    throw malformed('the answer to Poll does not name the operation that was polled');
  }
  const payload = payloadOf(item, operation, version);
  return { kind: 'success', payload: { kind: 'answered', operation, payload } };
}

function isDescribed(operation: string): operation is keyof typeof OPERATION_SCHEMAS {
  return Object.hasOwn(OPERATION_SCHEMAS, operation);
}

/** An absent payload is read as an empty one, so that the schema says what it lacks. */
function payloadOf(
  { responsePayload = EMPTY_PAYLOAD }: ResponseBatchItem,
  operation: keyof typeof OPERATION_SCHEMAS,
  version: Version,
): unknown {
  const schema: Schema = OPERATION_SCHEMAS[operation].response;
  try {
    return decodeItem(schema, responsePayload, version);
  } catch (error) {
    throw asMalformed(error, operation);
  }
}

const EMPTY_PAYLOAD: TtlvItem = { tag: TAGS.ResponsePayload, type: 'Structure', value: [] };

function failureOf(item: ResponseBatchItem): OperationFailure {
  const { resultStatus, resultReason, resultMessage } = item;
  return { resultStatus, resultReason, resultMessage };
}

/** The error for an answer that does not fit. */
export function malformed(what: string, cause?: Error): KmipClientError {
  const message = `The answer is no valid KMIP response to the request: ${what}`;
  return new KmipClientError('malformed-response', message, { cause });
}

/** The errors of codec and protocol name places and rules, never bytes. */
function asMalformed(error: unknown, operation?: string): unknown {
  if (error instanceof KmipClientError || !(error instanceof Error)) return error;
  const where = operation === undefined ? '' : `the payload of ${operation}: `;
  return malformed(`${where}${error.message}`, error);
}
