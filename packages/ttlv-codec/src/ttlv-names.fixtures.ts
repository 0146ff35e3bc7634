/** A small protocol for tests: a few real names of KMIP, and some that no encoding should trust. */

import type { TtlvNames, ValueContext } from './names.ts';

const TAGS: Readonly<Record<string, number>> = {
  ActivationDate: 0x420001,
  ArchiveDate: 0x420005,
  Attribute: 0x420008,
  AttributeIndex: 0x420009,
  AttributeName: 0x42000a,
  AttributeValue: 0x42000b,
  BatchCount: 0x42000d,
  BatchItem: 0x42000f,
  BatchOrderOption: 0x420010,
  CryptographicAlgorithm: 0x420028,
  CryptographicUsageMask: 0x42002c,
  IVCounterNonce: 0x42003d,
  LeaseTime: 0x420049,
  MACSignature: 0x42004d,
  MaximumResponseSize: 0x420050,
  ObjectType: 0x420057,
  Operation: 0x42005c,
  ProtocolVersion: 0x420069,
  ProtocolVersionMajor: 0x42006a,
  ProtocolVersionMinor: 0x42006b,
  QueryFunction: 0x420074,
  RequestHeader: 0x420077,
  RequestMessage: 0x420078,
  RequestPayload: 0x420079,
  ResponseHeader: 0x42007a,
  ResponseMessage: 0x42007b,
  ResponsePayload: 0x42007c,
  ResultMessage: 0x42007d,
  ResultReason: 0x42007e,
  ResultStatus: 0x42007f,
  TemplateAttribute: 0x420091,
  TimeStamp: 0x420092,
  UniqueBatchItemID: 0x420093,
  UniqueIdentifier: 0x420094,
  UsageLimitsCount: 0x420096,
  VendorIdentification: 0x42009d,
  X: 0x42009e,
  'No Element Name': 0x540009,
  TTLV: 0x54000a,
  WELL_KNOWN_EXTENSION: 0x545352,
};

const ENUMERATIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  CryptographicAlgorithm: { DES: 1, DES3: 2, AES: 3 },
  ObjectType: { Certificate: 1, SymmetricKey: 2 },
  Operation: {
    Create: 0x01,
    CreateKeyPair: 0x02,
    Register: 0x03,
    ReKey: 0x04,
    DeriveKey: 0x05,
    Locate: 0x08,
    Check: 0x09,
    Get: 0x0a,
    Destroy: 0x14,
    Query: 0x18,
  },
  QueryFunction: { QueryOperations: 1, QueryObjects: 2 },
  ResultReason: { ItemNotFound: 1, ResponseTooLarge: 2 },
  ResultStatus: { Success: 0, OperationFailed: 1 },
};

const USAGE_MASK: ReadonlyMap<string, number> = new Map([
  ['Sign', 1],
  ['Verify', 2],
  ['Encrypt', 4],
  ['Decrypt', 8],
  ['CertificateSign', 0x1000],
]);

/** The names of this file; like those of KMIP 1.x, an Attribute Value is what its Attribute Name says. */
export function testNames(): TtlvNames {
  const tagNames = new Map(Object.entries(TAGS).map(([name, tag]) => [tag, name]));
  const subject = ({ tag, attributeName }: ValueContext) =>
    attributeName === undefined ? (tagNames.get(tag) ?? '') : attributeName.replaceAll(' ', '');
  return {
    tagName: (tag) => tagNames.get(tag),
    tagByName: (name) => (Object.hasOwn(TAGS, name) ? TAGS[name] : undefined),
    enumerationName: (context, value) =>
      Object.entries(ENUMERATIONS[subject(context)] ?? {}).find((entry) => entry[1] === value)?.[0],
    enumerationByName: (context, name) =>
      new Map(Object.entries(ENUMERATIONS[subject(context)] ?? {})).get(name),
    maskBits: (context) => (subject(context) === 'CryptographicUsageMask' ? USAGE_MASK : undefined),
  };
}
