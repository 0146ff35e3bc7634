/** Derive Key, Create Split Key and Join Split Key. */

import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { aName } from '../../objects/managed-object.fixtures.ts';
import { NOBODY } from '../../requests.fixtures.ts';
import { ARCHIVED_TEMPLATE_NAME, type Cast } from './cast.fixtures.ts';
import {
  ARCHIVED,
  always,
  changed,
  DENIED,
  type ErrorRow,
  errorRows,
  INVALID_FIELD,
  inNew,
  inOld,
  NOT_FOUND,
  type PayloadOf,
  type Reasons,
  type Row,
  USAGE_NOT_PERMITTED,
  WRONG_STATE,
} from './error-row.fixtures.ts';
import { BAD_ATTRIBUTES } from './new-objects.fixtures.ts';

const AES_128 = [
  attribute('CryptographicAlgorithm', 'AES'),
  attribute('CryptographicLength', 128),
  attribute('CryptographicUsageMask', 12),
] as const;
const SHA_256 = { hashingAlgorithm: 'SHA_256' } as const;
const DATA = new Uint8Array(16);

const only = (...attributes: readonly Attribute[]) => ({ attributes, templateNames: [] });
const byTemplate = (nameValue: string) => ({
  attributes: AES_128,
  templateNames: [{ nameValue, nameType: 'UninterpretedTextString' as const }],
});

/** By HMAC of data, unless told. */
function deriving(
  sources: readonly string[],
  more: Partial<PayloadOf<'DeriveKey'>> = {},
): PayloadOf<'DeriveKey'> {
  return {
    objectType: 'SymmetricKey',
    uniqueIdentifier: sources,
    derivationMethod: 'HMAC',
    derivationParameters: { cryptographicParameters: SHA_256, derivationData: [DATA] },
    attributes: only(...AES_128),
    ...more,
  };
}

const BAD_TYPE = changed('InvalidField', 'InvalidObjectType');

const DERIVE: readonly Row<'DeriveKey'>[] = [
  ...BAD_ATTRIBUTES.map(
    ([situation, reasons, attributes]): Row<'DeriveKey'> => [
      situation,
      reasons,
      (the) => deriving([the.active], { attributes: only(...AES_128, ...attributes) }),
    ],
  ),
  ['there is no such object', NOT_FOUND, () => deriving([NOBODY])],
  ['the second object is none', NOT_FOUND, (the) => deriving([the.active, NOBODY])],
  ['the object belongs to a user', DENIED, (the) => deriving([the.others])],
  ['a key is archived', ARCHIVED, (the) => deriving([the.archived])],
  [
    'a secret is archived',
    ARCHIVED,
    (the) =>
      deriving([the.active, the.archivedSecret], {
        derivationParameters: { cryptographicParameters: SHA_256, derivationData: [] },
      }),
  ],
  ['the mask does not allow it', USAGE_NOT_PERMITTED, (the) => deriving([the.unusable])],
  ['the key is not active', WRONG_STATE, (the) => deriving([the.preActive])],
  ['the key is compromised', WRONG_STATE, (the) => deriving([the.compromised])],
  ['the Key Value is not here', always('KeyValueNotPresent'), (the) => deriving([the.elsewhere])],
  ['a key pair derives by no HMAC', BAD_TYPE, (the) => deriving([the.rsaPrivate])],
  [
    'key pairs are agreed on, and these are none',
    BAD_TYPE,
    (the) => deriving([the.active, the.secret], { derivationMethod: 'AsymmetricKey' }),
  ],
  [
    'the keys do not agree',
    always('CryptographicFailure'),
    (the) => deriving([the.rsaPrivate, the.ecPublic], { derivationMethod: 'AsymmetricKey' }),
  ],
  [
    'it makes no object of this type',
    BAD_TYPE,
    (the) => deriving([the.active], { objectType: 'PrivateKey' }),
  ],
  [
    'the method is not known',
    INVALID_FIELD,
    (the) => deriving([the.active], { derivationMethod: '0x80000001' }),
  ],
  [
    'there is no Hashing Algorithm',
    changed('InvalidField', 'BadCryptographicParameters'),
    (the) =>
      deriving([the.active], {
        derivationParameters: { cryptographicParameters: {}, derivationData: [DATA] },
      }),
  ],
  [
    'the Hashing Algorithm is not supported',
    changed('InvalidField', 'UnsupportedCryptographicParameters'),
    (the) =>
      deriving([the.active], {
        derivationParameters: {
          cryptographicParameters: { hashingAlgorithm: 'MD2' },
          derivationData: [DATA],
        },
      }),
  ],
  [
    'there is no data',
    INVALID_FIELD,
    (the) =>
      deriving([the.active], {
        derivationParameters: { cryptographicParameters: SHA_256, derivationData: [] },
      }),
  ],
  [
    'the data is given twice, by itself and as a secret',
    always('InvalidMessage'),
    (the) => deriving([the.active, the.secret]),
  ],
  [
    'PBKDF2 has no salt',
    INVALID_FIELD,
    (the) => deriving([the.active], { derivationMethod: 'PBKDF2' }),
  ],
  [
    'PBKDF2 would take too long',
    INVALID_FIELD,
    (the) =>
      deriving([the.active], {
        derivationMethod: 'PBKDF2',
        derivationParameters: {
          cryptographicParameters: SHA_256,
          derivationData: [],
          salt: DATA,
          iterationCount: 2 ** 31 - 1,
        },
      }),
  ],
  [
    'the method gives less than is asked for',
    always('CryptographicFailure'),
    (the) =>
      deriving([the.active], {
        objectType: 'SecretData',
        attributes: only(attribute('CryptographicLength', 512)),
      }),
  ],
  [
    'HKDF gives less than is asked for',
    inNew('CryptographicFailure'),
    (the) =>
      deriving([the.active], {
        derivationMethod: 'HKDF',
        objectType: 'SecretData',
        attributes: only(attribute('CryptographicLength', 8192 * 8)),
      }),
  ],
  [
    'the algorithm has no keys of this length',
    INVALID_FIELD,
    (the) =>
      deriving([the.active], {
        attributes: only(AES_128[0], attribute('CryptographicLength', 100)),
      }),
  ],
  [
    'a secret has no length',
    INVALID_FIELD,
    (the) => deriving([the.active], { objectType: 'SecretData', attributes: only() }),
  ],
  [
    'there is no such Template',
    inOld('ItemNotFound'),
    (the) => deriving([the.active], { attributes: byTemplate('nobody') }),
  ],
];

function splitting(
  more: Partial<PayloadOf<'CreateSplitKey'>> = {},
  attributes: readonly Attribute[] = AES_128,
): PayloadOf<'CreateSplitKey'> {
  return {
    objectType: 'SplitKey',
    splitKeyParts: 3,
    splitKeyThreshold: 2,
    splitKeyMethod: 'PolynomialSharingGF2_8',
    attributes: only(...attributes),
    ...more,
  };
}

const isName = (each: Attribute | undefined) => each?.kind === 'standard' && each.name === 'Name';

/** What no object that is made from others can be; a Name of parts is a row of its own. */
const BAD_OF_PARTS = BAD_ATTRIBUTES.filter(([, , [first]]) => !isName(first));

const SPLIT: readonly Row<'CreateSplitKey'>[] = [
  ...BAD_OF_PARTS.map(
    ([situation, reasons, attributes]): Row<'CreateSplitKey'> => [
      situation,
      reasons,
      () => splitting({}, [...AES_128, ...attributes]),
    ],
  ),
  [
    'all parts are to have one Name',
    changed('InvalidField', 'InvalidAttribute'),
    () => splitting({}, [...AES_128, aName('all')]),
  ],
  ['it makes no object of this type', BAD_TYPE, () => splitting({ objectType: 'SymmetricKey' })],
  ['there is no such object', NOT_FOUND, () => splitting({ uniqueIdentifier: NOBODY })],
  ['the object belongs to a user', DENIED, (the) => splitting({ uniqueIdentifier: the.others })],
  ['the object is archived', ARCHIVED, (the) => splitting({ uniqueIdentifier: the.archived })],
  [
    'the object is destroyed',
    changed('ItemNotFound', 'ObjectDestroyed'),
    (the) => splitting({ uniqueIdentifier: the.destroyed }),
  ],
  ...(['opaque', 'certificate', 'wrapped'] as const).map(
    (role): Row<'CreateSplitKey'> => [
      `${role} is nothing to split`,
      changed('PermissionDenied', 'InvalidObjectType'),
      (the) => splitting({ uniqueIdentifier: the[role] }),
    ],
  ),
  [
    'a part is not split again',
    changed('PermissionDenied', 'InvalidObjectType'),
    ({ parts: [part] }) => splitting({ uniqueIdentifier: part }),
  ],
  ['the method is not known', INVALID_FIELD, () => splitting({ splitKeyMethod: '0x80000001' })],
  ['the threshold is above the parts', INVALID_FIELD, () => splitting({ splitKeyThreshold: 4 })],
  ['the threshold is nothing', INVALID_FIELD, () => splitting({ splitKeyThreshold: 0 })],
  ['the parts are too many', INVALID_FIELD, () => splitting({ splitKeyParts: 1000 })],
  ['by XOR all parts are needed', INVALID_FIELD, () => splitting({ splitKeyMethod: 'XOR' })],
  [
    'the prime field has no size',
    INVALID_FIELD,
    () => splitting({ splitKeyMethod: 'PolynomialSharingPrimeField' }),
  ],
  [
    'the prime field is smaller than the key',
    INVALID_FIELD,
    () => splitting({ splitKeyMethod: 'PolynomialSharingPrimeField', primeFieldSize: 7n }),
  ],
  ['it says nothing of the algorithm', INVALID_FIELD, () => splitting({}, AES_128.slice(1))],
  [
    'there is no such Template',
    inOld('ItemNotFound'),
    () => splitting({ attributes: byTemplate('nobody') }),
  ],
  [
    'the Template is archived',
    inOld('ObjectArchived'),
    () => splitting({ attributes: byTemplate(ARCHIVED_TEMPLATE_NAME) }),
  ],
  [
    'the Protection Storage Masks cannot be met',
    inNew('FeatureNotSupported'),
    () => splitting({ protectionStorageMasks: { protectionStorageMask: [2] } }),
  ],
];

const joining = (
  parts: readonly (string | undefined)[],
  more: Partial<PayloadOf<'JoinSplitKey'>> = {},
): PayloadOf<'JoinSplitKey'> => ({
  objectType: 'SymmetricKey',
  uniqueIdentifier: parts.map((part) => part ?? NOBODY),
  attributes: only(attribute('CryptographicUsageMask', 12)),
  ...more,
});

const CANNOT_JOIN: Reasons = always('CryptographicFailure');
const two = ({ parts }: Cast) => parts.slice(0, 2);

const JOIN: readonly Row<'JoinSplitKey'>[] = [
  ...BAD_ATTRIBUTES.map(
    ([situation, reasons, attributes]): Row<'JoinSplitKey'> => [
      situation,
      reasons,
      (the) => joining(two(the), { attributes: only(...attributes) }),
    ],
  ),
  ['there is no such object', NOT_FOUND, ({ parts: [first] }) => joining([first, NOBODY])],
  ['an object belongs to a user', DENIED, (the) => joining([the.parts[0], the.others])],
  ['a part is archived', ARCHIVED, (the) => joining([the.parts[0], the.archivedPart])],
  ['an object is no part', BAD_TYPE, (the) => joining([the.parts[0], the.active])],
  ['the parts are too few', CANNOT_JOIN, ({ parts: [first] }) => joining([first])],
  ['a part is given twice', CANNOT_JOIN, ({ parts: [first] }) => joining([first, first])],
  ['the parts are of different keys', CANNOT_JOIN, (the) => joining([the.parts[0], the.otherPart])],
  [
    'parts are joined to no object of this type',
    BAD_TYPE,
    (the) => joining(two(the), { objectType: 'Certificate' }),
  ],
  [
    'the attributes say another length than the parts',
    INVALID_FIELD,
    (the) =>
      joining(two(the), {
        attributes: only(
          attribute('CryptographicUsageMask', 12),
          attribute('CryptographicLength', 100),
        ),
      }),
  ],
  [
    'there is no such Template',
    inOld('ItemNotFound'),
    (the) => joining(two(the), { attributes: byTemplate('nobody') }),
  ],
  [
    'the Template is archived',
    inOld('ObjectArchived'),
    (the) => joining(two(the), { attributes: byTemplate(ARCHIVED_TEMPLATE_NAME) }),
  ],
  [
    'the Protection Storage Masks cannot be met',
    inNew('FeatureNotSupported'),
    (the) => joining(two(the), { protectionStorageMasks: { protectionStorageMask: [2] } }),
  ],
];

export const DERIVED_KEY_ROWS: readonly ErrorRow[] = [
  ...errorRows('DeriveKey', DERIVE),
  ...errorRows('CreateSplitKey', SPLIT),
  ...errorRows('JoinSplitKey', JOIN),
];
