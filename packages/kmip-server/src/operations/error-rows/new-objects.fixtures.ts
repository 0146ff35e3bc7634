/** Create and Create Key Pair: what is wrong with the attributes that a new object is to have. */

import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { MAX_INSTANCES } from '../../lifecycle/attribute-rules.ts';
import { aCustom, aName } from '../../objects/managed-object.fixtures.ts';
import { ARCHIVED_TEMPLATE_NAME, TAKEN } from './cast.fixtures.ts';
import {
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

const AES = [
  attribute('CryptographicAlgorithm', 'AES'),
  attribute('CryptographicLength', 256),
  attribute('CryptographicUsageMask', 12),
] as const;
const RSA = [
  attribute('CryptographicAlgorithm', 'RSA'),
  attribute('CryptographicLength', 1024),
] as const;

/** A mask of storage that this server does not have: on hardware. */
const NOT_HERE = { protectionStorageMask: [2] };

/** Attributes that no new object can have, whatever makes it. */
export const BAD_ATTRIBUTES: readonly (readonly [string, Reasons, readonly Attribute[]])[] = [
  [
    'an attribute is one that the server alone sets',
    changed('PermissionDenied', 'ReadOnlyAttribute'),
    [attribute('State', 'Active')],
  ],
  [
    'a custom attribute is named as those of the server are',
    changed('PermissionDenied', 'ReadOnlyAttribute'),
    [aCustom('Rank', '1', 'y')],
  ],
  [
    'an attribute is for objects of another type',
    changed('PermissionDenied', 'InvalidAttribute'),
    [attribute('CryptographicDomainParameters', { recommendedCurve: 'P_256' })],
  ],
  [
    'an attribute has two values, and can have one',
    changed('InvalidField', 'AttributeSingleValued'),
    [attribute('Sensitive', true), attribute('Sensitive', false)],
  ],
  [
    'there are more instances of an attribute than an object can hold',
    changed('IndexOutOfBounds', 'ServerLimitExceeded'),
    Array.from({ length: MAX_INSTANCES + 1 }, (_, at) => aCustom('Tag', `${at}`)),
  ],
  ['an object has the Name', changed('InvalidField', 'NonUniqueNameAttribute'), [aName(TAKEN)]],
  [
    'the same Name is given twice',
    changed('InvalidField', 'NonUniqueNameAttribute'),
    [aName('twice'), aName('twice', 1)],
  ],
  ['a text is too long', INVALID_FIELD, [attribute('Comment', 'x'.repeat(8193))]],
];

const creating = (
  attributes: readonly Attribute[],
  more: Partial<PayloadOf<'Create'>> = {},
): PayloadOf<'Create'> => ({
  objectType: 'SymmetricKey',
  attributes: { attributes, templateNames: [] },
  ...more,
});

/** Attributes of the Template, beside those of an AES key. */
const byTemplate = (nameValue: string, attributes: readonly Attribute[] = []) => ({
  attributes,
  templateNames: [{ nameValue, nameType: 'UninterpretedTextString' as const }],
});

const CREATE: readonly Row<'Create'>[] = [
  ...BAD_ATTRIBUTES.map(
    ([situation, reasons, attributes]): Row<'Create'> => [
      situation,
      reasons,
      () => creating([...AES, ...attributes]),
    ],
  ),
  ...(
    ['Certificate', 'PublicKey', 'PrivateKey', 'SplitKey', 'OpaqueObject', 'PGPKey'] as const
  ).map(
    (objectType): Row<'Create'> => [
      `it is to make an object of type ${objectType}`,
      changed('InvalidField', 'InvalidObjectType'),
      () => creating(AES, { objectType }),
    ],
  ),
  [
    'the Object Type is not known',
    changed('InvalidField', 'InvalidObjectType'),
    () => creating(AES, { objectType: '0x80000001' }),
  ],
  ...AES.slice(0, 2).map(
    (left): Row<'Create'> => [
      `it says nothing of the ${left.name}`,
      INVALID_FIELD,
      () => creating(AES.filter((each) => each !== left)),
    ],
  ),
  [
    'the algorithm makes no symmetric keys',
    INVALID_FIELD,
    () => creating([...RSA, attribute('CryptographicUsageMask', 12)]),
  ],
  [
    'the algorithm has no keys of this length',
    INVALID_FIELD,
    () => creating([AES[0], attribute('CryptographicLength', 100), AES[2]]),
  ],
  [
    'a secret has a length that is none of bytes',
    INVALID_FIELD,
    () => creating([attribute('CryptographicLength', 12)], { objectType: 'SecretData' }),
  ],
  [
    'there is no such Template',
    inOld('ItemNotFound'),
    () => creating([], { attributes: byTemplate('nobody', AES) }),
  ],
  [
    'the Name is of no Template',
    inOld('ItemNotFound'),
    () => creating([], { attributes: byTemplate(TAKEN, AES) }),
  ],
  [
    'the Template is archived',
    inOld('ObjectArchived'),
    () => creating([], { attributes: byTemplate(ARCHIVED_TEMPLATE_NAME, AES) }),
  ],
  [
    'the Protection Storage Masks cannot be met',
    inNew('FeatureNotSupported'),
    () => creating(AES, { protectionStorageMasks: NOT_HERE }),
  ],
  [
    'it is to be quantum safe, and is too short',
    inNew('GeneralFailure'),
    () =>
      creating([
        AES[0],
        attribute('CryptographicLength', 128),
        AES[2],
        attribute('QuantumSafe', true),
      ]),
  ],
];

function pairing(
  common: readonly Attribute[],
  more: Partial<PayloadOf<'CreateKeyPair'>> = {},
): PayloadOf<'CreateKeyPair'> {
  const only = (...attributes: readonly Attribute[]) => ({ attributes, templateNames: [] });
  return {
    commonAttributes: only(...common),
    privateKeyAttributes: only(attribute('CryptographicUsageMask', 1)),
    publicKeyAttributes: only(attribute('CryptographicUsageMask', 2)),
    ...more,
  };
}

/** Domain Parameters are what a key pair has. */
const BAD_FOR_KEY_PAIRS = BAD_ATTRIBUTES.filter(
  ([, , [first]]) => first?.name !== 'CryptographicDomainParameters',
);

const NO_MASK = { attributes: [], templateNames: [] };

const CREATE_KEY_PAIR: readonly Row<'CreateKeyPair'>[] = [
  ...BAD_FOR_KEY_PAIRS.map(
    ([situation, reasons, attributes]): Row<'CreateKeyPair'> => [
      `${situation}, of the private key`,
      reasons,
      () =>
        pairing(RSA, {
          privateKeyAttributes: {
            attributes: [attribute('CryptographicUsageMask', 1), ...attributes],
            templateNames: [],
          },
        }),
    ],
  ),
  ...BAD_FOR_KEY_PAIRS.map(
    ([situation, reasons, attributes]): Row<'CreateKeyPair'> => [
      `${situation}, of the public key`,
      reasons,
      () =>
        pairing(RSA, {
          publicKeyAttributes: {
            attributes: [attribute('CryptographicUsageMask', 2), ...attributes],
            templateNames: [],
          },
        }),
    ],
  ),
  [
    'the private key has no Cryptographic Usage Mask',
    INVALID_FIELD,
    () => pairing(RSA, { privateKeyAttributes: NO_MASK }),
  ],
  [
    'the public key has no Cryptographic Usage Mask',
    INVALID_FIELD,
    () => pairing(RSA, { publicKeyAttributes: NO_MASK }),
  ],
  ['it says nothing of the algorithm', INVALID_FIELD, () => pairing([RSA[1]])],
  ['it says nothing of the length', INVALID_FIELD, () => pairing([RSA[0]])],
  [
    'the keys are to be of different algorithms',
    INVALID_FIELD,
    () =>
      pairing([RSA[1]], {
        privateKeyAttributes: {
          attributes: [RSA[0], attribute('CryptographicUsageMask', 1)],
          templateNames: [],
        },
        publicKeyAttributes: {
          attributes: [
            attribute('CryptographicAlgorithm', 'DSA'),
            attribute('CryptographicUsageMask', 2),
          ],
          templateNames: [],
        },
      }),
  ],
  ...(
    [
      ['AES', 256],
      ['RSA', 1000],
      ['DSA', 512],
      ['EC', 100],
      ['DH', 2048],
    ] as const
  ).map(
    ([algorithm, bits]): Row<'CreateKeyPair'> => [
      `there are no key pairs for ${algorithm} of ${bits} bits`,
      INVALID_FIELD,
      () =>
        pairing([
          attribute('CryptographicAlgorithm', algorithm),
          attribute('CryptographicLength', bits),
        ]),
    ],
  ),
  [
    'the curve is one that there is not',
    INVALID_FIELD,
    () =>
      pairing([
        attribute('CryptographicAlgorithm', 'EC'),
        attribute('CryptographicDomainParameters', { recommendedCurve: 'ANSIX9P192V2' }),
      ]),
  ],
  [
    'there is no such Template',
    inOld('ItemNotFound'),
    () => pairing([], { commonAttributes: byTemplate('nobody', RSA) }),
  ],
  [
    'the Template is archived',
    inOld('ObjectArchived'),
    () => pairing([], { publicKeyAttributes: byTemplate(ARCHIVED_TEMPLATE_NAME) }),
  ],
  ...(
    [
      'commonProtectionStorageMasks',
      'privateProtectionStorageMasks',
      'publicProtectionStorageMasks',
    ] as const
  ).map(
    (which): Row<'CreateKeyPair'> => [
      `the ${which} cannot be met`,
      inNew('FeatureNotSupported'),
      () => pairing(RSA, { [which]: NOT_HERE }),
    ],
  ),
  [
    'the pair is to be quantum safe',
    inNew('GeneralFailure'),
    () => pairing([...RSA, attribute('QuantumSafe', true)]),
  ],
];

export const NEW_OBJECT_ROWS: readonly ErrorRow[] = [
  ...errorRows('Create', CREATE),
  ...errorRows('CreateKeyPair', CREATE_KEY_PAIR),
];
