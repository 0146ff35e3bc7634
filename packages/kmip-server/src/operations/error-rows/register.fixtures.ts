/** Register and Import: objects of every type with wrong or missing parts. */

import {
  type Attribute,
  attribute,
  encodeItem,
  type KeyBlock,
  OpaqueObject,
  TAGS,
  TRANSPARENT_KEYS,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { NOBODY } from '../../requests.fixtures.ts';
import { bytes } from '../known-keys.fixtures.ts';
import { ARCHIVED_TEMPLATE_NAME, type Cast, KEY } from './cast.fixtures.ts';
import {
  always,
  changed,
  type ErrorRow,
  errorRows,
  INVALID_FIELD,
  inNew,
  inOld,
  type PayloadOf,
  type Reasons,
  type Row,
} from './error-row.fixtures.ts';
import { BAD_ATTRIBUTES } from './new-objects.fixtures.ts';

type Registered = Omit<PayloadOf<'Register'>, 'attributes'>;

const BYTES = bytes(KEY);

/** The Key Block of an AES key of 128 bits. */
const block = (more: Partial<KeyBlock> = {}): KeyBlock => ({
  keyFormatType: 'Raw',
  keyValue: { keyMaterial: BYTES, attributes: [] },
  cryptographicAlgorithm: 'AES',
  cryptographicLength: 128,
  ...more,
});
const KEY_OBJECT = { objectType: 'SymmetricKey', symmetricKey: { keyBlock: block() } } as const;

const registering = (
  object: Registered,
  attributes: readonly Attribute[] = [attribute('CryptographicUsageMask', 12)],
): PayloadOf<'Register'> => ({ ...object, attributes: { attributes, templateNames: [] } });

/** One good object of each type; the Object Type is one field, the object another. */
const OF_EACH_TYPE = {
  Certificate: (the: Cast) => ({
    certificate: { certificateType: 'X_509' as const, certificateValue: the.certificateValue },
  }),
  SymmetricKey: () => ({ symmetricKey: { keyBlock: block() } }),
  PublicKey: (the: Cast) => ({
    publicKey: {
      keyBlock: {
        keyFormatType: 'X_509' as const,
        keyValue: { keyMaterial: the.rsaPublicKey.der, attributes: [] },
        cryptographicAlgorithm: 'RSA' as const,
        cryptographicLength: 2048,
      },
    },
  }),
  PrivateKey: (the: Cast) => ({
    privateKey: {
      keyBlock: {
        keyFormatType: 'PKCS_8' as const,
        keyValue: { keyMaterial: the.rsaPrivateKey.der, attributes: [] },
        cryptographicAlgorithm: 'RSA' as const,
        cryptographicLength: 2048,
      },
    },
  }),
  SplitKey: () => ({
    splitKey: {
      splitKeyParts: 2,
      keyPartIdentifier: 1,
      splitKeyThreshold: 2,
      splitKeyMethod: 'XOR' as const,
      keyBlock: block(),
    },
  }),
  SecretData: () => ({
    secretData: {
      secretDataType: 'Password' as const,
      keyBlock: {
        keyFormatType: 'Opaque' as const,
        keyValue: { keyMaterial: BYTES, attributes: [] },
      },
    },
  }),
  OpaqueObject: () => ({
    opaqueObject: { opaqueDataType: '0x80000001' as const, opaqueDataValue: BYTES },
  }),
  PGPKey: () => ({ pgpKey: { pgpKeyVersion: 4, keyBlock: block({ keyFormatType: 'Raw' }) } }),
} as const;

const OPAQUE = encodeItem(
  OpaqueObject,
  { opaqueDataType: '0x80000001', opaqueDataValue: BYTES },
  '2.1',
);

const TYPES = Object.keys(OF_EACH_TYPE) as (keyof typeof OF_EACH_TYPE)[]; // its own keys

/** Objects that neither Register nor Import takes. */
const BAD_OBJECTS: readonly (readonly [string, Reasons, (the: Cast) => Registered])[] = [
  ...TYPES.map(
    (type) =>
      [
        `an object of type ${type} is said to be another`,
        changed('InvalidField', 'InvalidObjectType'),
        (the: Cast) => ({
          objectType: type === 'SecretData' ? ('OpaqueObject' as const) : ('SecretData' as const),
          ...OF_EACH_TYPE[type](the),
        }),
      ] as const,
  ),
  [
    'the Object Type is not known',
    changed('InvalidField', 'InvalidObjectType'),
    () => ({ objectType: '0x80000001', symmetricKey: { keyBlock: block() } }),
  ],
  ...(['TransparentSymmetricKey', 'TransparentRSAPrivateKey'] as const).map(
    (keyFormatType) =>
      [
        `Key Material in the format ${keyFormatType} is bytes`,
        INVALID_FIELD,
        () => ({
          objectType: 'SymmetricKey' as const,
          symmetricKey: { keyBlock: block({ keyFormatType }) },
        }),
      ] as const,
  ),
  [
    'Key Material in a format of bytes is a structure',
    INVALID_FIELD,
    () => ({
      objectType: 'SymmetricKey',
      symmetricKey: {
        keyBlock: block({
          keyValue: {
            keyMaterial: encodeItem(
              TRANSPARENT_KEYS.TransparentSymmetricKey,
              { key: BYTES },
              '2.1',
            ),
            attributes: [],
          },
        }),
      },
    }),
  ],
  [
    'the structure is one of another format',
    INVALID_FIELD,
    () => ({
      objectType: 'PrivateKey',
      privateKey: {
        keyBlock: {
          keyFormatType: 'TransparentRSAPrivateKey',
          keyValue: {
            keyMaterial: encodeItem(
              TRANSPARENT_KEYS.TransparentDSAPublicKey,
              { p: 7n, q: 3n, g: 2n, y: 4n },
              '2.1',
            ),
            attributes: [],
          },
          cryptographicAlgorithm: 'RSA',
          cryptographicLength: 2048,
        },
      },
    }),
  ],
  [
    'the certificate is none',
    INVALID_FIELD,
    () => ({
      objectType: 'Certificate',
      certificate: { certificateType: 'X_509', certificateValue: BYTES },
    }),
  ],
];

const isObject = ({ tag }: TtlvItem) => tag === TAGS.SymmetricKey;

/** What no schema writes: no object, and two of them. */
const NOT_ONE_OBJECT = [
  ['there is no object', (fields: readonly TtlvItem[]) => fields.filter((each) => !isObject(each))],
  [
    'there are two objects',
    (fields: readonly TtlvItem[]) =>
      fields.flatMap((each) => (isObject(each) ? [each, OPAQUE] : [each])),
  ],
] as const;

const REGISTER: readonly Row<'Register'>[] = [
  ...NOT_ONE_OBJECT.map(
    ([situation, reshape]): Row<'Register'> => [
      situation,
      always('InvalidMessage'),
      () => registering(KEY_OBJECT),
      { reshape },
    ],
  ),
  ...BAD_OBJECTS.map(
    ([situation, reasons, object]): Row<'Register'> => [
      situation,
      reasons,
      (the) => registering(object(the), []),
    ],
  ),
  ...BAD_ATTRIBUTES.map(
    ([situation, reasons, attributes]): Row<'Register'> => [
      situation,
      reasons,
      () => registering(KEY_OBJECT, attributes),
    ],
  ),
  [
    'the attributes say another length than the Key Block',
    INVALID_FIELD,
    () => registering(KEY_OBJECT, [attribute('CryptographicLength', 256)]),
  ],
  [
    'the attributes say another algorithm than the Key Block',
    INVALID_FIELD,
    () => registering(KEY_OBJECT, [attribute('CryptographicAlgorithm', 'DES3')]),
  ],
  [
    'the attributes say another type than the certificate',
    INVALID_FIELD,
    (the) =>
      registering({ objectType: 'Certificate', ...OF_EACH_TYPE.Certificate(the) }, [
        attribute('CertificateType', 'PGP'),
      ]),
  ],
  [
    'there is no such Template',
    inOld('ItemNotFound'),
    () => ({
      ...KEY_OBJECT,
      attributes: {
        attributes: [],
        templateNames: [{ nameValue: 'nobody', nameType: 'UninterpretedTextString' }],
      },
    }),
  ],
  [
    'the Template is archived',
    inOld('ObjectArchived'),
    () => ({
      ...KEY_OBJECT,
      attributes: {
        attributes: [],
        templateNames: [{ nameValue: ARCHIVED_TEMPLATE_NAME, nameType: 'UninterpretedTextString' }],
      },
    }),
  ],
  [
    'the Protection Storage Masks cannot be met',
    inNew('FeatureNotSupported'),
    () => ({
      ...registering(KEY_OBJECT),
      protectionStorageMasks: { protectionStorageMask: [2] },
    }),
  ],
  [
    'a Template is registered in a version that has none',
    inNew('InvalidField'),
    () => registering({ ...KEY_OBJECT, objectType: 'Template' }, []),
  ],
];

const importing = (
  more: Partial<PayloadOf<'Import'>> = {},
  attributes: readonly Attribute[] = [attribute('CryptographicUsageMask', 12)],
): PayloadOf<'Import'> => ({
  uniqueIdentifier: NOBODY,
  ...KEY_OBJECT,
  attributes,
  ...more,
});

/** A key that came wrapped, and is to be kept unwrapped. */
function wrapped(
  uniqueIdentifier: string,
  more: Partial<KeyBlock> = {},
): Partial<PayloadOf<'Import'>> {
  return {
    keyWrapType: 'NotWrapped',
    symmetricKey: {
      keyBlock: block({
        keyValue: { keyMaterial: new Uint8Array(24), attributes: [] },
        keyWrappingData: {
          wrappingMethod: 'Encrypt',
          encryptionKeyInformation: { uniqueIdentifier },
          encodingOption: 'NoEncoding',
        },
        ...more,
      }),
    },
  };
}

const IMPORT: readonly Row<'Import'>[] = [
  ...NOT_ONE_OBJECT.map(
    ([situation, reshape]): Row<'Import'> => [
      situation,
      always('InvalidMessage'),
      () => importing(),
      { reshape },
    ],
  ),
  ...BAD_OBJECTS.map(
    ([situation, { '1.4': old, ...recent }, object]): Row<'Import'> => [
      situation,
      // 1.4 has no Object Type here: the object says of itself what it is.
      /said to be|Type is not known/.test(situation)
        ? recent
        : { '1.4': old ?? 'InvalidField', ...recent },
      (the) => ({ ...object(the), uniqueIdentifier: NOBODY, attributes: [] }),
    ],
  ),
  ...BAD_ATTRIBUTES.filter(([, reasons]) => reasons['2.1'] !== 'ReadOnlyAttribute').map(
    ([situation, reasons, attributes]): Row<'Import'> => [
      situation,
      reasons,
      () => importing({}, attributes),
    ],
  ),
  [
    'there is an object of this identifier',
    always('ObjectAlreadyExists'),
    (the) => importing({ uniqueIdentifier: the.active }),
  ],
  [
    'there is an object of this identifier, and it is not to be replaced',
    always('ObjectAlreadyExists'),
    (the) => importing({ uniqueIdentifier: the.active, replaceExisting: false }),
  ],
  [
    'the wrapping key is none',
    changed('ItemNotFound', 'WrappingObjectNotFound'),
    () => importing(wrapped(NOBODY)),
  ],
  [
    'the wrapping key is destroyed',
    changed('PermissionDenied', 'WrappingObjectDestroyed'),
    (the) => importing(wrapped(the.destroyedWrapping)),
  ],
  [
    'the wrapping key is archived',
    changed('ObjectArchived', 'WrappingObjectArchived'),
    (the) => importing(wrapped(the.archivedWrapping)),
  ],
  [
    'what wraps is no key',
    changed('IllegalOperation', 'InvalidObjectType'),
    (the) => importing(wrapped(the.secret)),
  ],
  [
    'the wrapping key may not unwrap',
    changed('PermissionDenied', 'IncompatibleCryptographicUsageMask'),
    (the) => importing(wrapped(the.unwrapping)),
  ],
  [
    'the wrapping does not come off',
    always('CryptographicFailure'),
    (the) => importing(wrapped(the.wrapping)),
  ],
  [
    'nothing says how it is wrapped',
    changed('FeatureNotSupported', 'KeyWrapTypeNotSupported'),
    () =>
      importing({
        keyWrapType: 'NotWrapped',
        symmetricKey: { keyBlock: block({ keyValue: new Uint8Array(24) }) },
      }),
  ],
];

export const REGISTER_ROWS: readonly ErrorRow[] = [
  ...errorRows('Register', REGISTER),
  ...errorRows('Import', IMPORT),
];
