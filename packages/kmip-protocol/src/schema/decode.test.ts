import type { TtlvItem } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.fixtures.ts';
import { RequestHeader, ResponseHeader } from '../messages/header.ts';
import { RequestMessage } from '../messages/message.ts';
import { KeyBlock } from '../objects/key-block.ts';
import { Activate } from '../operations/activate.ts';
import { Get } from '../operations/get.ts';
import { Query, ServerInformation } from '../operations/query.ts';
import { Revoke } from '../operations/revoke.ts';
import type { Version } from '../tables/version.ts';
import { decodeItem } from './decode.ts';
import { anEnumeration, anInteger, anItem, aStructure, aText } from './items.fixtures.ts';
import type { Schema, StructureSchema } from './schema.ts';

const VERSION_1_1 = aStructure(
  'ProtocolVersion',
  anInteger('ProtocolVersionMajor', 1),
  anInteger('ProtocolVersionMinor', 1),
);
const COUNT = anInteger('BatchCount', 1);
const ACTIVATE = aStructure(
  'BatchItem',
  anEnumeration('Operation', 0x12),
  aStructure('RequestPayload'),
);
const aHeader = (...fields: TtlvItem[]) =>
  aStructure('RequestHeader', VERSION_1_1, ...fields, COUNT);

describe('decodeItem', () => {
  it('leaves out optional fields that are absent and gives an empty array for repeated ones', () => {
    expect(decodeItem(RequestHeader, aHeader(), '1.4')).toStrictEqual({
      protocolVersion: { protocolVersionMajor: 1, protocolVersionMinor: 1 },
      attestationType: [],
      batchCount: 1,
    });
  });

  it('gives an empty array also where the version has no such field', () => {
    expect(decodeItem(RequestHeader, aHeader(), '1.1').attestationType).toEqual([]);
  });

  it('collects repeated fields in their order', () => {
    const payload = aStructure(
      'RequestPayload',
      anEnumeration('QueryFunction', 3),
      anEnumeration('QueryFunction', 1),
    );
    expect(decodeItem(Query.request, payload, '1.0').queryFunction).toEqual([
      'QueryServerInformation',
      'QueryOperations',
    ]);
  });

  it('takes fields in any order', () => {
    const header = aStructure('RequestHeader', COUNT, VERSION_1_1);
    expect(decodeItem(RequestHeader, header, '1.1').batchCount).toBe(1);
  });

  it('gives byte strings as views of the input', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const item = aStructure(
      'BatchItem',
      anEnumeration('Operation', 0x12),
      anItem('UniqueBatchItemID', 'ByteString', bytes),
      aStructure('RequestPayload'),
    );
    const message = aStructure('RequestMessage', aHeader(), item);
    expect(decodeItem(RequestMessage, message, '1.1').batchItem[0]?.uniqueBatchItemID).toBe(bytes);
  });

  it('passes an opaque field on as the item it is', () => {
    const message = aStructure('RequestMessage', aHeader(), ACTIVATE);
    expect(decodeItem(RequestMessage, message, '1.1').batchItem[0]?.requestPayload).toEqual(
      aStructure('RequestPayload'),
    );
  });

  it('gives a value of an enumeration that has no name as 0x and eight digits', () => {
    const payload = aStructure('RequestPayload', anEnumeration('QueryFunction', 0x8000000a));
    expect(decodeItem(Query.request, payload, '2.1').queryFunction).toEqual(['0x8000000A']);
  });

  it('knows the values of an enumeration that a later version added', () => {
    const item = aStructure(
      'BatchItem',
      anEnumeration('Operation', 0x3b),
      aStructure('RequestPayload'),
    );
    const message = aStructure('RequestMessage', aHeader(), item);
    expect(decodeItem(RequestMessage, message, '1.0').batchItem[0]?.operation).toBe('Ping');
  });

  it.each<[Version, TtlvItem, unknown]>([
    ['1.0', anItem('AsynchronousIndicator', 'Boolean', true), true],
    ['1.4', anItem('AsynchronousIndicator', 'Boolean', false), false],
    ['2.0', anEnumeration('AsynchronousIndicator', 3), 'Prohibited'],
    ['2.1', anEnumeration('AsynchronousIndicator', 1), 'Mandatory'],
  ])(
    'reads the Asynchronous Indicator of %s in the type of that version',
    (version, item, value) => {
      expect(decodeItem(RequestHeader, aHeader(item), version).asynchronousIndicator).toBe(value);
    },
  );

  it.each<[string, TtlvItem, unknown]>([
    ['bytes', anItem('KeyValue', 'ByteString', new Uint8Array([7])), new Uint8Array([7])],
    [
      'a structure that holds bytes',
      aStructure('KeyValue', anItem('KeyMaterial', 'ByteString', new Uint8Array([7]))),
      { keyMaterial: new Uint8Array([7]), attributes: [] },
    ],
    [
      'a structure that holds a structure',
      aStructure(
        'KeyValue',
        aStructure('KeyMaterial', anItem('Key', 'ByteString', new Uint8Array([7]))),
      ),
      {
        keyMaterial: aStructure('KeyMaterial', anItem('Key', 'ByteString', new Uint8Array([7]))),
        attributes: [],
      },
    ],
  ])('reads a union in the form it has: %s', (_, keyValue, value) => {
    const block = aStructure('KeyBlock', anEnumeration('KeyFormatType', 1), keyValue);
    expect(decodeItem(KeyBlock, block, '1.4').keyValue).toEqual(value);
  });

  it.each<[string, TtlvItem, number]>([
    ['seconds', anItem('TimeStamp', 'DateTime', 1_700_000_000n), 1_700_000_000],
    [
      'microseconds',
      anItem('TimeStamp', 'DateTimeExtended', 1_700_000_000_999_999n),
      1_700_000_000,
    ],
    ['microseconds before 1970', anItem('TimeStamp', 'DateTimeExtended', -1n), -1],
  ])('reads a Time Stamp of 2.x in %s as whole seconds', (_, timeStamp, seconds) => {
    const header = aStructure('ResponseHeader', VERSION_1_1, timeStamp, COUNT);
    expect(decodeItem(ResponseHeader, header, '2.1').timeStamp).toBe(seconds);
  });

  it('ignores what a vendor put into Server Information', () => {
    const item = aStructure(
      'ServerInformation',
      aText('ServerName', 'a'),
      anItem('Key', 'ByteString', new Uint8Array([1])),
    );
    expect(decodeItem(ServerInformation, item, '2.1')).toStrictEqual({
      serverName: 'a',
      alternateFailoverEndpoints: [],
    });
    expect(decodeItem(ServerInformation, item, '1.4')).toStrictEqual({
      alternateFailoverEndpoints: [],
    });
  });
});

describe('decodeItem refuses', () => {
  const activate = (...fields: TtlvItem[]) => aStructure('RequestPayload', ...fields);
  const messageWith = (...items: TtlvItem[]) => aStructure('RequestMessage', aHeader(), ...items);
  const key = aStructure('SymmetricKey', aStructure('KeyBlock', anEnumeration('KeyFormatType', 1)));
  const secret = aStructure(
    'SecretData',
    anEnumeration('SecretDataType', 1),
    aStructure('KeyBlock', anEnumeration('KeyFormatType', 1)),
  );
  const got = (...objects: TtlvItem[]) =>
    aStructure(
      'ResponsePayload',
      anEnumeration('ObjectType', 2),
      aText('UniqueIdentifier', '1'),
      ...objects,
    );

  it.each<[string, StructureSchema, TtlvItem, Version, string, string]>([
    [
      'an item under another tag',
      RequestMessage,
      aStructure('ResponseMessage'),
      '1.1',
      'invalid-message',
      'expected RequestMessage, found ResponseMessage.',
    ],
    [
      'a tag that has no name',
      RequestMessage,
      { tag: 0x54abcd, type: 'Structure', value: [] },
      '1.1',
      'invalid-message',
      'expected RequestMessage, found 0x54ABCD.',
    ],
    [
      'a structure that is none',
      RequestMessage,
      aText('RequestMessage', 'a'),
      '1.1',
      'invalid-message',
      'RequestMessage: expected type Structure, found TextString.',
    ],
    [
      'a required field that is missing',
      RequestHeader,
      aStructure('RequestHeader', VERSION_1_1),
      '1.1',
      'invalid-message',
      'RequestHeader: BatchCount is missing.',
    ],
    [
      'a required field that is missing further in',
      RequestMessage,
      aStructure(
        'RequestMessage',
        aStructure(
          'RequestHeader',
          aStructure('ProtocolVersion', anInteger('ProtocolVersionMajor', 1)),
          COUNT,
        ),
        ACTIVATE,
      ),
      '1.1',
      'invalid-message',
      'RequestMessage/RequestHeader/ProtocolVersion: ProtocolVersionMinor is missing.',
    ],
    [
      'no item where one or more are required',
      RequestMessage,
      messageWith(),
      '1.1',
      'invalid-message',
      'RequestMessage: BatchItem is missing.',
    ],
    [
      'a single field that stands there twice',
      Activate.request,
      activate(aText('UniqueIdentifier', '1'), aText('UniqueIdentifier', '2')),
      '1.1',
      'invalid-message',
      'RequestPayload: UniqueIdentifier stands there twice.',
    ],
    [
      'a field that the structure does not have',
      Activate.request,
      activate(aText('NameValue', 'a')),
      '1.1',
      'invalid-field',
      'RequestPayload: NameValue is not a field of RequestPayload in KMIP 1.1.',
    ],
    [
      'a tag of a vendor',
      Activate.request,
      activate({ tag: 0x540001, type: 'Integer', value: 1 }),
      '2.1',
      'invalid-field',
      'RequestPayload: 0x540001 is not a field of RequestPayload in KMIP 2.1.',
    ],
    [
      'a field that came later',
      RequestHeader,
      aHeader(aText('ClientCorrelationValue', 'a')),
      '1.3',
      'invalid-field',
      'RequestHeader: ClientCorrelationValue is not a field of RequestHeader in KMIP 1.3.',
    ],
    [
      'a wrong type, naming the one of several of a tag',
      RequestMessage,
      messageWith(ACTIVATE, aStructure('BatchItem', aText('Operation', 'Activate'), activate())),
      '1.1',
      'invalid-message',
      'RequestMessage/BatchItem[1]/Operation: expected type Enumeration, found TextString.',
    ],
    [
      'a wrong type of a primitive',
      Activate.request,
      activate(anInteger('UniqueIdentifier', 1)),
      '1.4',
      'invalid-message',
      'RequestPayload/UniqueIdentifier: expected type TextString, found Integer.',
    ],
    [
      'a wrong type of a union',
      KeyBlock,
      aStructure('KeyBlock', anEnumeration('KeyFormatType', 1), anInteger('KeyValue', 1)),
      '1.4',
      'invalid-message',
      'KeyBlock/KeyValue: expected type ByteString or Structure, found Integer.',
    ],
    [
      'a wrong type of a value with several forms',
      Activate.request,
      activate(anItem('UniqueIdentifier', 'Boolean', true)),
      '2.0',
      'invalid-message',
      'RequestPayload/UniqueIdentifier: expected type TextString or Enumeration or Integer, found Boolean.',
    ],
    [
      'the type that a field has in other versions',
      RequestHeader,
      aHeader(anItem('AsynchronousIndicator', 'Boolean', true)),
      '2.0',
      'invalid-message',
      'RequestHeader/AsynchronousIndicator: expected type Enumeration, found Boolean.',
    ],
    [
      'a Time Stamp with microseconds in 1.x',
      ResponseHeader,
      aStructure('ResponseHeader', VERSION_1_1, anItem('TimeStamp', 'DateTimeExtended', 1n), COUNT),
      '1.4',
      'invalid-message',
      'ResponseHeader/TimeStamp: expected type DateTime, found DateTimeExtended.',
    ],
    [
      'a date that no number can hold',
      Revoke.request,
      activate(
        aStructure('RevocationReason', anEnumeration('RevocationReasonCode', 1)),
        anItem('CompromiseOccurrenceDate', 'DateTime', 2n ** 60n),
      ),
      '1.4',
      'invalid-field',
      'RequestPayload/CompromiseOccurrenceDate: the date is out of the supported range.',
    ],
    [
      'none of the objects of which one must be there',
      Get.response,
      got(),
      '1.1',
      'invalid-message',
      'ResponsePayload: one of Certificate, SymmetricKey, PublicKey, PrivateKey, SplitKey, Template, SecretData, OpaqueObject is missing.',
    ],
    [
      'two objects of which one must be there',
      Get.response,
      got(key, secret),
      '1.2',
      'invalid-message',
      'ResponsePayload: SymmetricKey and SecretData must not stand there together.',
    ],
  ])('%s', (_, schema: Schema, item, version, code, message) => {
    expect(errorOf(() => decodeItem(schema, item, version))).toEqual({ code, message });
  });
});
