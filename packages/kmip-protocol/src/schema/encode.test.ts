import { describe, expect, it } from 'vitest';
import { attribute } from '../attributes/attribute.ts';
import { errorOf } from '../error-of.fixtures.ts';
import { RequestHeader } from '../messages/header.ts';
import { RequestMessage } from '../messages/message.ts';
import { KeyBlock, KeyWrappingSpecification } from '../objects/key-block.ts';
import { SymmetricKey } from '../objects/managed-object.ts';
import { Activate } from '../operations/activate.ts';
import { Get } from '../operations/get.ts';
import { Locate } from '../operations/locate.ts';
import { Query } from '../operations/query.ts';
import { Revoke } from '../operations/revoke.ts';
import type { Version } from '../tables/version.ts';
import { encodeItem } from './encode.ts';
import { anEnumeration, anInteger, anItem, aStructure, aText } from './items.fixtures.ts';
import type { StructureSchema } from './schema.ts';

const PROTOCOL_VERSION = { protocolVersionMajor: 1, protocolVersionMinor: 1 };
const HEADER: RequestHeader = {
  protocolVersion: PROTOCOL_VERSION,
  attestationType: [],
  batchCount: 1,
};
const VERSION_ITEM = aStructure(
  'ProtocolVersion',
  anInteger('ProtocolVersionMajor', 1),
  anInteger('ProtocolVersionMinor', 1),
);

describe('encodeItem', () => {
  it('writes fields in the order of the specification, whatever the order of the keys', () => {
    const header: RequestHeader = {
      batchCount: 1,
      attestationType: [],
      protocolVersion: PROTOCOL_VERSION,
    };
    expect(encodeItem(RequestHeader, header, '1.1')).toEqual(
      aStructure('RequestHeader', VERSION_ITEM, anInteger('BatchCount', 1)),
    );
  });

  it('leaves out what the version does not have', () => {
    const header: RequestHeader = {
      ...HEADER,
      clientCorrelationValue: 'a',
      attestationType: ['TPMQuote'],
    };
    const tagsIn = (version: Version) => {
      const item = encodeItem(RequestHeader, header, version);
      return item.type === 'Structure' ? item.value.length : 0;
    };
    expect([tagsIn('1.1'), tagsIn('1.2'), tagsIn('1.4')]).toEqual([2, 3, 4]);
  });

  it('writes every element of a repeated field', () => {
    const request = { queryFunction: ['QueryOperations', 'QueryObjects'] } as const;
    expect(encodeItem(Query.request, request, '1.0')).toEqual(
      aStructure(
        'RequestPayload',
        anEnumeration('QueryFunction', 1),
        anEnumeration('QueryFunction', 2),
      ),
    );
  });

  it('writes the number of an enumeration value given as 0x and digits', () => {
    const request = { queryFunction: ['0x8000000A'] } as const;
    expect(encodeItem(Query.request, request, '1.0')).toEqual(
      aStructure('RequestPayload', anEnumeration('QueryFunction', 0x8000000a)),
    );
  });

  it('knows the spelling that an enumeration value had in older versions', () => {
    const parameters = { hashingAlgorithm: 'SHA_3_256' } as const;
    const item = encodeItem<StructureSchema>(
      KeyWrappingSpecification,
      {
        wrappingMethod: 'Encrypt',
        encryptionKeyInformation: { uniqueIdentifier: '1', cryptographicParameters: parameters },
        attributeName: [],
      },
      '1.4',
    );
    expect(item).toEqual(
      aStructure(
        'KeyWrappingSpecification',
        anEnumeration('WrappingMethod', 1),
        aStructure(
          'EncryptionKeyInformation',
          aText('UniqueIdentifier', '1'),
          aStructure('CryptographicParameters', anEnumeration('HashingAlgorithm', 0x0f)),
        ),
      ),
    );
  });

  it('writes a date as 64 bits and a mask as its number', () => {
    const revoke = {
      revocationReason: { revocationReasonCode: 'KeyCompromise' },
      compromiseOccurrenceDate: 1_700_000_000,
    } as const;
    expect(encodeItem(Revoke.request, revoke, '1.4')).toEqual(
      aStructure(
        'RequestPayload',
        aStructure('RevocationReason', anEnumeration('RevocationReasonCode', 2)),
        anItem('CompromiseOccurrenceDate', 'DateTime', 1_700_000_000n),
      ),
    );
    expect(encodeItem(Locate.request, { storageStatusMask: 3, attributes: [] }, '1.4')).toEqual(
      aStructure('RequestPayload', anInteger('StorageStatusMask', 3)),
    );
  });

  it('writes as many items as there are', () => {
    const uniqueIdentifier = Array.from({ length: 300_000 }, (_, i) => String(i));
    const found = encodeItem(Locate.response, { uniqueIdentifier }, '1.4');
    const attributes = uniqueIdentifier.map((name) => attribute('ObjectGroup', name));
    const search = encodeItem(Locate.request, { attributes }, '1.4');
    expect(found.type === 'Structure' && found.value.length).toBe(300_000);
    expect(search.type === 'Structure' && search.value.length).toBe(300_000);
  });

  it('chooses the form of a union by the value', () => {
    const block = (keyValue: unknown) =>
      encodeItem<StructureSchema>(KeyBlock, { keyFormatType: 'Raw', keyValue }, '1.4');
    const format = anEnumeration('KeyFormatType', 1);
    const bytes = new Uint8Array([7]);
    expect(block(bytes)).toEqual(
      aStructure('KeyBlock', format, anItem('KeyValue', 'ByteString', bytes)),
    );
    expect(block({ keyMaterial: bytes, attributes: [] })).toEqual(
      aStructure(
        'KeyBlock',
        format,
        aStructure('KeyValue', anItem('KeyMaterial', 'ByteString', bytes)),
      ),
    );
  });

  it('shares byte strings with the value', () => {
    const keyMaterial = new Uint8Array([7]);
    const key = {
      keyBlock: { keyFormatType: 'Raw', keyValue: { keyMaterial, attributes: [] } },
    } as const;
    const item = encodeItem(SymmetricKey, key, '1.4');
    keyMaterial.fill(0);
    expect(item).toEqual(encodeItem(SymmetricKey, key, '1.4'));
  });
});

describe('encodeItem refuses', () => {
  const key = { keyBlock: { keyFormatType: 'Raw' } };

  it.each<[string, StructureSchema, unknown, Version, string]>([
    [
      'what is no object',
      RequestHeader,
      'a',
      '1.1',
      'RequestHeader: RequestHeader must be an object.',
    ],
    [
      'a required field that is missing',
      RequestHeader,
      { protocolVersion: PROTOCOL_VERSION, attestationType: [] },
      '1.1',
      'RequestHeader: batchCount is missing.',
    ],
    [
      'a required field that is missing further in',
      RequestHeader,
      { ...HEADER, protocolVersion: { protocolVersionMajor: 1 } },
      '1.1',
      'RequestHeader/protocolVersion: protocolVersionMinor is missing.',
    ],
    [
      'an empty array where one or more are required',
      Query.request,
      { queryFunction: [] },
      '1.1',
      'RequestPayload: queryFunction is missing.',
    ],
    [
      'a repeated field that is no array',
      Query.request,
      { queryFunction: 'QueryOperations' },
      '1.1',
      'RequestPayload/queryFunction: QueryFunction must be an array.',
    ],
    [
      'an element of the wrong type, naming its place',
      Query.request,
      { queryFunction: ['QueryOperations', 'QueryEverything'] },
      '1.1',
      'RequestPayload/queryFunction[1]: QueryFunction must be a value of QueryFunction.',
    ],
    [
      'a number where text is expected',
      Activate.request,
      { uniqueIdentifier: 7 },
      '1.4',
      'RequestPayload/uniqueIdentifier: UniqueIdentifier must be a value for TextString.',
    ],
    [
      'a form of a Unique Identifier that only 2.x has',
      Activate.request,
      { uniqueIdentifier: { batchIndex: 0 } },
      '1.4',
      'RequestPayload/uniqueIdentifier: UniqueIdentifier must be a value for TextString.',
    ],
    [
      'a placeholder that nobody has',
      Activate.request,
      { uniqueIdentifier: { placeholder: 'Elsewhere' } },
      '2.0',
      'RequestPayload/uniqueIdentifier: UniqueIdentifier must be a value for TextString, a placeholder or a batchIndex.',
    ],
    [
      'a date with a fraction',
      Revoke.request,
      { revocationReason: { revocationReasonCode: 'Superseded' }, compromiseOccurrenceDate: 0.5 },
      '1.4',
      'RequestPayload/compromiseOccurrenceDate: CompromiseOccurrenceDate must be a value for DateTime.',
    ],
    [
      'an opaque field that is no item',
      RequestMessage,
      {
        requestHeader: HEADER,
        batchItem: [{ operation: 'Activate', requestPayload: {}, messageExtension: [] }],
      },
      '1.4',
      'RequestMessage/batchItem/requestPayload: RequestPayload must be an item under that tag.',
    ],
    [
      'an opaque field under another tag',
      RequestMessage,
      {
        requestHeader: HEADER,
        batchItem: [
          {
            operation: 'Activate',
            requestPayload: aStructure('ResponsePayload'),
            messageExtension: [],
          },
        ],
      },
      '1.4',
      'RequestMessage/batchItem/requestPayload: RequestPayload must be an item under that tag.',
    ],
    [
      'a union in none of its forms',
      KeyBlock,
      { keyFormatType: 'Raw', keyValue: 'hunter2' },
      '1.4',
      'KeyBlock/keyValue: KeyValue must be one of its forms.',
    ],
    [
      'two objects of which one must be there',
      Get.response,
      { objectType: 'SymmetricKey', uniqueIdentifier: '1', symmetricKey: key, publicKey: key },
      '1.1',
      'ResponsePayload: needs exactly one of certificate, symmetricKey, publicKey, privateKey, splitKey, template, secretData, opaqueObject.',
    ],
    [
      'an object that the version does not have',
      Get.response,
      { objectType: 'PGPKey', uniqueIdentifier: '1', pgpKey: { pgpKeyVersion: 4, ...key } },
      '1.1',
      'ResponsePayload: needs exactly one of certificate, symmetricKey, publicKey, privateKey, splitKey, template, secretData, opaqueObject.',
    ],
  ])('%s', (_, schema, value, version, message) => {
    expect(errorOf(() => encodeItem(schema, value, version))).toEqual({
      code: 'internal',
      message,
    });
  });
});
