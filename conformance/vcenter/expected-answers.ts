/** The form of the answers that vCenter gets, from the form of its requests (KMIP 1.1). */

import {
  decodeItem,
  OPERATIONS,
  type RequestBatchItem,
  RequestMessage,
} from '@claviger/kmip-protocol';
import { decodeTtlv } from '@claviger/ttlv-codec';

const IDENTIFIER = 'UniqueIdentifier TextString';

/** Response Payload by operation, as `answerStructure` writes it. */
const PAYLOADS: Readonly<Record<string, readonly string[]>> = {
  DiscoverVersions: [
    'ProtocolVersion Structure',
    '  ProtocolVersionMajor Integer',
    '  ProtocolVersionMinor Integer',
  ],
  Query: ['VendorIdentification TextString'],
  Create: ['ObjectType Enumeration 2', IDENTIFIER],
  Get: [
    'ObjectType Enumeration 2',
    IDENTIFIER,
    'SymmetricKey Structure',
    '  KeyBlock Structure',
    '    KeyFormatType Enumeration 1',
    '    KeyValue Structure',
    '      KeyMaterial ByteString',
    '    CryptographicAlgorithm Enumeration 3',
    '    CryptographicLength Integer 256',
  ],
  Activate: [IDENTIFIER],
  // An attribute that the key does not have yet is no failure, and just not there.
  GetAttributes: [IDENTIFIER],
  AddAttribute: [
    IDENTIFIER,
    'Attribute Structure',
    '  AttributeName TextString',
    '  AttributeValue TextString',
  ],
};

/** Get Attributes of State, of a key that is Pre-Active. */
const STATE_PAYLOAD = [
  IDENTIFIER,
  'Attribute Structure',
  '  AttributeName TextString',
  '  AttributeValue Enumeration 1',
];

/**
 * The structure of the right answer to a request: an item for each item, each a success with the identifier
 * of its request.
 */
export function expectedStructure(request: Uint8Array): string[] {
  const { batchItem } = decodeItem(RequestMessage, decodeTtlv(request), '1.1');
  return [
    'ResponseMessage Structure',
    '  ResponseHeader Structure',
    '    ProtocolVersion Structure',
    '      ProtocolVersionMajor Integer',
    '      ProtocolVersionMinor Integer',
    '    TimeStamp DateTime',
    `    BatchCount Integer ${batchItem.length}`,
    // Items that differ in their texts alone stand there once, as in `answerStructure`.
    ...(batchItem[0] === undefined ? [] : itemStructure(batchItem[0])),
  ];
}

function itemStructure({
  operation,
  uniqueBatchItemID,
  requestPayload,
}: RequestBatchItem): string[] {
  const number = Object.entries(OPERATIONS).find(([name]) => name === operation)?.[1].value;
  const asksForState =
    requestPayload.type === 'Structure' &&
    requestPayload.value.some(({ value }) => value === 'State');
  const payload = asksForState ? STATE_PAYLOAD : (PAYLOADS[operation] ?? []);
  return [
    '  BatchItem Structure',
    `    Operation Enumeration ${number}`,
    ...(uniqueBatchItemID === undefined ? [] : ['    UniqueBatchItemID ByteString']),
    '    ResultStatus Enumeration 0',
    '    ResponsePayload Structure',
    ...payload.map((line) => `      ${line}`),
  ];
}

/** Without Server Information, which is a vendor's own and which the recorded server left out. */
export function withoutServerInformation(structure: readonly string[]): string[] {
  const start = structure.findIndex((line) => line.trimStart().startsWith('ServerInformation '));
  if (start < 0) return [...structure];
  const indent = /^ */.exec(structure[start] ?? '')?.[0].length ?? 0;
  const rest = structure.slice(start + 1);
  const next = rest.findIndex((line) => !line.startsWith(' '.repeat(indent + 1)));
  return [...structure.slice(0, start), ...(next < 0 ? [] : rest.slice(next))];
}
