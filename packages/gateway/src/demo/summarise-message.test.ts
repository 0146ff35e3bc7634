import { TAGS } from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { expect, it } from 'vitest';
import { summariseMessage } from './summarise-message.ts';

function structure(tag: number, ...value: TtlvItem[]): TtlvItem {
  return { tag, type: 'Structure', value };
}

function text(tag: number, value: string): TtlvItem {
  return { tag, type: 'TextString', value };
}

function enumeration(tag: number, value: number): TtlvItem {
  return { tag, type: 'Enumeration', value };
}

function messageOf(tag: number, ...items: TtlvItem[]): Uint8Array {
  const version = structure(
    TAGS.ProtocolVersion,
    { tag: TAGS.ProtocolVersionMajor, type: 'Integer', value: 1 },
    { tag: TAGS.ProtocolVersionMinor, type: 'Integer', value: 1 },
  );
  return encodeTtlv(structure(tag, structure(TAGS.RequestHeader, version), ...items));
}

it('says what a request asks for, attributes by their own names', () => {
  const attribute = structure(
    TAGS.Attribute,
    text(TAGS.AttributeName, 'Cryptographic Usage Mask'),
    { tag: TAGS.AttributeValue, type: 'Integer', value: 12 },
  );
  const bytes = messageOf(
    TAGS.RequestMessage,
    structure(
      TAGS.BatchItem,
      enumeration(TAGS.Operation, 1),
      structure(
        TAGS.RequestPayload,
        enumeration(TAGS.ObjectType, 2),
        structure(TAGS.TemplateAttribute, attribute),
      ),
    ),
  );
  expect(summariseMessage('request', bytes)).toEqual({
    direction: 'request',
    bytes: bytes.length,
    version: '1.1',
    items: [
      {
        operation: 'Create',
        result: undefined,
        details: [
          ['Object Type', 'SymmetricKey'],
          ['Cryptographic Usage Mask', 'Encrypt, Decrypt'],
        ],
      },
    ],
  });
});

it('shows a refusal with its reason, and never a key', () => {
  const key = { tag: TAGS.KeyMaterial, type: 'ByteString', value: new Uint8Array(8) } as const;
  const bytes = messageOf(
    TAGS.ResponseMessage,
    structure(
      TAGS.BatchItem,
      enumeration(TAGS.Operation, 0x14),
      enumeration(TAGS.ResultStatus, 1),
      enumeration(TAGS.ResultReason, 0x0c),
      text(TAGS.ResultMessage, 'Revoke it first'),
      structure(TAGS.ResponsePayload, key),
    ),
  );
  expect(summariseMessage('response', bytes).items).toEqual([
    {
      operation: 'Destroy',
      result: 'PermissionDenied',
      details: [
        ['Key Material', '(8 bytes, hidden)'],
        ['Message', 'Revoke it first'],
      ],
    },
  ]);
});
