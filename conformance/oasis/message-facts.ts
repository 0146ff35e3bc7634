/** What the rules need to know of a message: its parts, and whether its output can be foretold. */

import { ENUMERATIONS, OPERATIONS, type OperationName, TAGS } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { texts } from './known-objects.ts';
import { itemsOf } from './test-case.ts';

/** One batch item of a message. */
export interface BatchItemFacts {
  readonly item: TtlvItem;
  readonly operation: number | undefined;
  readonly payload: TtlvItem | undefined;
  readonly isSuccess: boolean;
  readonly isPending: boolean;
}

export function batchItemsOf(message: TtlvItem): readonly BatchItemFacts[] {
  const { Success, OperationPending } = ENUMERATIONS.ResultStatus.values;
  return itemsOf(message, TAGS.BatchItem).map((item) => {
    const status = enumerationIn(item, TAGS.ResultStatus);
    return {
      item,
      operation: enumerationIn(item, TAGS.Operation),
      payload: itemsOf(item, TAGS.RequestPayload)[0] ?? itemsOf(item, TAGS.ResponsePayload)[0],
      isSuccess: status === Success,
      isPending: status === OperationPending,
    };
  });
}

function enumerationIn(item: TtlvItem, tag: number): number | undefined {
  const [child] = itemsOf(item, tag);
  return child?.type === 'Enumeration' ? child.value : undefined;
}

/** Time Stamp of the header of a response, in POSIX seconds. */
export function timeStampOf(message: TtlvItem): bigint | undefined {
  const [stamp] = itemsOf(itemsOf(message, TAGS.ResponseHeader)[0], TAGS.TimeStamp);
  return stamp?.type === 'DateTime' ? stamp.value : undefined;
}

/** Whether an item with one of the tags is anywhere in it. */
export function contains(item: TtlvItem | undefined, ...tags: readonly number[]): boolean {
  if (item === undefined) return false;
  if (tags.includes(item.tag)) return true;
  return item.type === 'Structure' && item.value.some((child) => contains(child, ...tags));
}

/** The object that a batch item is about, as the response says it, else the request. */
export function objectOf(
  request: TtlvItem | undefined,
  response: TtlvItem | undefined,
): string | undefined {
  return texts(response, TAGS.UniqueIdentifier)[0] ?? texts(request, TAGS.UniqueIdentifier)[0];
}

interface RandomOutput {
  readonly operation: OperationName;
  readonly tag: number;
  readonly values: readonly (number | boolean)[];
}

const { CryptographicAlgorithm, DigitalSignatureAlgorithm, PaddingMethod } = ENUMERATIONS;
const { EC, ECDSA, DSA, RSA } = CryptographicAlgorithm.values;
const { OAEP, PKCS1V1_5, PSS } = PaddingMethod.values;
const SIGNATURES = DigitalSignatureAlgorithm.values;

/** The parameters, of a request or of its key, whose output has a random part. */
const RANDOM_OUTPUT: readonly RandomOutput[] = [
  { operation: 'Encrypt', tag: TAGS.RandomIV, values: [true] },
  { operation: 'Encrypt', tag: TAGS.PaddingMethod, values: [OAEP, PKCS1V1_5] },
  { operation: 'Encrypt', tag: TAGS.CryptographicAlgorithm, values: [RSA] },
  { operation: 'Sign', tag: TAGS.PaddingMethod, values: [PSS] },
  { operation: 'Sign', tag: TAGS.CryptographicAlgorithm, values: [EC, ECDSA, DSA] },
  {
    operation: 'Sign',
    tag: TAGS.DigitalSignatureAlgorithm,
    values: [
      SIGNATURES.RSASSA_PSS,
      SIGNATURES.DSAWithSHA_1,
      SIGNATURES.DSAWithSHA224,
      SIGNATURES.DSAWithSHA256,
      SIGNATURES.ECDSAWithSHA_1,
      SIGNATURES.ECDSAWithSHA224,
      SIGNATURES.ECDSAWithSHA256,
      SIGNATURES.ECDSAWithSHA384,
      SIGNATURES.ECDSAWithSHA512,
    ],
  },
];

/**
 * Whether the output of an operation differs each time.
 *
 * @param makers - The payloads that made the key: they may set its algorithm and parameters.
 */
export function hasRandomOutput(
  operation: number | undefined,
  request: TtlvItem | undefined,
  makers: readonly TtlvItem[],
): boolean {
  if (operation === OPERATIONS.RNGRetrieve.value) return true;
  const rows = RANDOM_OUTPUT.filter((row) => OPERATIONS[row.operation].value === operation);
  if (rows.length === 0) return false;
  const sources = request === undefined ? makers : [request, ...makers];
  return sources.some((source) => isRandomIn(source, rows, source.tag));
}

/** @param meaning - The tag that says what a leaf means: its own, or that of a 1.x attribute. */
function isRandomIn(item: TtlvItem, rows: readonly RandomOutput[], meaning: number): boolean {
  if (item.type === 'Structure') {
    const isAlgorithm = texts(item, TAGS.AttributeName).includes('Cryptographic Algorithm');
    return item.value.some((child) => {
      const isValue = isAlgorithm && child.tag === TAGS.AttributeValue;
      return isRandomIn(child, rows, isValue ? TAGS.CryptographicAlgorithm : child.tag);
    });
  }
  if (item.type !== 'Enumeration' && item.type !== 'Boolean') return false;
  const { value } = item;
  return rows.some((row) => row.tag === meaning && row.values.includes(value));
}
