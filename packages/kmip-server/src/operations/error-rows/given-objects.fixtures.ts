/** Get and Export: what does not leave the server, and what not in the form that is asked for. */

import type { KeyWrappingSpecification } from '@claviger/kmip-protocol';
import { NOBODY } from '../../requests.fixtures.ts';
import type { Cast } from './cast.fixtures.ts';
import {
  ARCHIVED,
  always,
  changed,
  DENIED,
  type ErrorRow,
  errorRows,
  ILLEGAL,
  INVALID_FIELD,
  NOT_FOUND,
  type PayloadOf,
  type Row,
  USAGE_NOT_PERMITTED,
  WRONG_STATE,
  WRONG_TYPE,
} from './error-row.fixtures.ts';

type Asked = PayloadOf<'Get'>;

/** The object, wrapped by encryption unless told. */
function wrapping(
  uniqueIdentifier: string,
  by: string,
  more: Partial<KeyWrappingSpecification> = {},
): Asked {
  return {
    uniqueIdentifier,
    keyWrappingSpecification: {
      wrappingMethod: 'Encrypt',
      encryptionKeyInformation: { uniqueIdentifier: by },
      attributeName: [],
      encodingOption: 'NoEncoding',
      ...more,
    },
  };
}

/** The object with a code or a signature of its Key Value. */
const signed = (uniqueIdentifier: string, by: string): Asked =>
  wrapping(uniqueIdentifier, by, {
    wrappingMethod: 'MACSign',
    encryptionKeyInformation: undefined,
    macSignatureKeyInformation: { uniqueIdentifier: by },
  });

const NO_OPTION = changed('EncodingOptionError', 'EncodingOptionError');
const NO_FORMAT = always('KeyFormatTypeNotSupported');
const NO_WRAP = changed('FeatureNotSupported', 'KeyWrapTypeNotSupported');

const ROWS: readonly Row<'Get'>[] = [
  ['there is no such object', NOT_FOUND, () => ({ uniqueIdentifier: NOBODY })],
  ['the object is of another adapter', NOT_FOUND, (the) => ({ uniqueIdentifier: the.foreign })],
  ['the object belongs to a user', DENIED, (the) => ({ uniqueIdentifier: the.others })],
  ['no object is named', changed('MissingData', 'InvalidMessage'), () => ({})],
  ['the object is archived', ARCHIVED, (the) => ({ uniqueIdentifier: the.archived })],
  ...(['destroyed', 'destroyedCompromised'] as const).map(
    (state): Row<'Get'> => [
      `the object is ${state}`,
      changed('ItemNotFound', 'ObjectDestroyed'),
      (the) => ({ uniqueIdentifier: the[state] }),
    ],
  ),
  ['the object is sensitive', always('Sensitive'), (the) => ({ uniqueIdentifier: the.sensitive })],
  [
    'the object is not extractable',
    always('NotExtractable'),
    (the) => ({ uniqueIdentifier: the.unextractable }),
  ],
  [
    'the object is not extractable, wrapped neither',
    always('NotExtractable'),
    (the) => wrapping(the.unextractable, the.wrapping),
  ],
  [
    'the object is sensitive, and a code conceals nothing',
    always('Sensitive'),
    (the) => signed(the.sensitive, the.hmac),
  ],
  ...(
    [
      ['PKCS_1', 'active'],
      ['Opaque', 'active'],
      ['X_509', 'secret'],
      ['Raw', 'opaque'],
      ['PKCS_8', 'certificate'],
      ['PKCS_12', 'active'],
      ['ECPrivateKey', 'rsaPrivate'],
      ['PKCS_8', 'rsaPublic'],
      ['X_509', 'rsaPrivate'],
      ['TransparentECPrivateKey', 'rsaPrivate'],
      ['TransparentRSAPublicKey', 'ecPublic'],
      ['Raw', 'wrapped'],
      ['0x80000001', 'active'],
    ] as const
  ).map(
    ([keyFormatType, role]): Row<'Get'> => [
      `the object ${role} has no format ${keyFormatType}`,
      NO_FORMAT,
      (the) => ({ uniqueIdentifier: the[role], keyFormatType }),
    ],
  ),
  [
    'keys are not compressed',
    always('KeyCompressionTypeNotSupported'),
    (the) => ({
      uniqueIdentifier: the.ecPublic,
      keyCompressionType: 'ECPublicKeyTypeX9_62CompressedPrime',
    }),
  ],
  [
    'a PKCS#12 container has no password',
    changed('InvalidField', 'BadPassword'),
    (the) => ({ uniqueIdentifier: the.rsaPrivate, keyFormatType: 'PKCS_12' }),
  ],
  [
    'there is no wrapping key',
    changed('ItemNotFound', 'WrappingObjectNotFound'),
    (the) => wrapping(the.active, NOBODY),
  ],
  [
    'the wrapping key is of another adapter',
    changed('ItemNotFound', 'WrappingObjectNotFound'),
    (the) => wrapping(the.active, the.foreign),
  ],
  [
    'the wrapping key is destroyed',
    changed('PermissionDenied', 'WrappingObjectDestroyed'),
    (the) => wrapping(the.active, the.destroyedWrapping),
  ],
  [
    'the wrapping key is archived',
    changed('ObjectArchived', 'WrappingObjectArchived'),
    (the) => wrapping(the.active, the.archivedWrapping),
  ],
  ['what is to wrap is no key', ILLEGAL, (the) => wrapping(the.active, the.secret)],
  ['what is to sign is no key', ILLEGAL, (the) => signed(the.active, the.opaque)],
  ['a private key wraps nothing', WRONG_TYPE, (the) => wrapping(the.active, the.rsaAlone)],
  [
    'the wrapping key may not wrap',
    USAGE_NOT_PERMITTED,
    (the) => wrapping(the.active, the.unwrapping),
  ],
  [
    'the wrapping key is not active',
    WRONG_STATE,
    (the) => wrapping(the.active, the.preActiveWrapping),
  ],
  ['the key may not sign', USAGE_NOT_PERMITTED, (the) => signed(the.active, the.unwrapping)],
  [
    'the wrapping key has no Cryptographic Parameters',
    changed('ItemNotFound', 'BadCryptographicParameters'),
    (the) => wrapping(the.active, the.active),
  ],
  [
    'the wrapping key has other Cryptographic Parameters',
    changed('ItemNotFound', 'BadCryptographicParameters'),
    (the) =>
      wrapping(the.active, the.wrapping, {
        encryptionKeyInformation: {
          uniqueIdentifier: the.wrapping,
          cryptographicParameters: { blockCipherMode: 'CBC' },
        },
      }),
  ],
  [
    'the Key Value of the wrapping key is not here',
    changed('KeyValueNotPresent', 'KeyValueNotPresent'),
    (the) => wrapping(the.active, the.elsewhereWrapping),
  ],
  ['a mode with a tag wraps no keys', NO_WRAP, (the) => wrapping(the.active, the.gcmWrapping)],
  [
    'the key is longer than RSA wraps',
    always('CryptographicFailure'),
    (the) => wrapping(the.rsaPrivate, the.rsaPublic),
  ],
  [
    'the Wrapping Method is not known',
    NO_WRAP,
    (the) => wrapping(the.active, the.wrapping, { wrappingMethod: 'TR_31' }),
  ],
  [
    'the Wrapping Method needs the information on another key',
    INVALID_FIELD,
    (the) => wrapping(the.active, the.wrapping, { wrappingMethod: 'EncryptThenMACSign' }),
  ],
  [
    'attributes are to be wrapped, without encoding',
    NO_OPTION,
    (the) => wrapping(the.active, the.wrapping, { attributeName: ['Cryptographic Algorithm'] }),
  ],
  [
    'a structure is to be wrapped, without encoding',
    NO_OPTION,
    (the) => ({
      ...wrapping(the.active, the.wrapping),
      keyFormatType: 'TransparentSymmetricKey',
    }),
  ],
  ['a certificate has no Key Value', ILLEGAL, (the) => wrapping(the.certificate, the.wrapping)],
  ['an opaque object has no Key Value', ILLEGAL, (the) => wrapping(the.opaque, the.wrapping)],
  [
    'the Key Value is not here',
    changed('IllegalOperation', 'KeyValueNotPresent'),
    (the) => wrapping(the.elsewhere, the.wrapping),
  ],
];

export const GIVEN_OBJECT_ROWS: readonly ErrorRow[] = [
  ...errorRows('Get', [
    ...ROWS,
    [
      'a Template is wrapped',
      { '1.4': 'IllegalOperation' },
      (the: Cast) => wrapping(the.template, the.wrapping),
    ],
  ]),
  ...errorRows('Export', ROWS),
];
