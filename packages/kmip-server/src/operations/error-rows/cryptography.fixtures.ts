/** Encrypt, Decrypt, Sign, Signature Verify, MAC, MAC Verify, Hash, RNG Retrieve and RNG Seed. */

import type { CryptographicParameters } from '@claviger/kmip-protocol';
import { successOf } from '../../messages.fixtures.ts';
import { NOBODY } from '../../requests.fixtures.ts';
import type { Cast } from './cast.fixtures.ts';
import {
  ARCHIVED,
  always,
  changed,
  DENIED,
  type ErrorRow,
  errorRows,
  INVALID_FIELD,
  NOT_FOUND,
  type PayloadOf,
  type Row,
  USAGE_NOT_PERMITTED,
  WRONG_STATE,
  WRONG_TYPE,
} from './error-row.fixtures.ts';

const BLOCK = new Uint8Array(16);
const SHA_256 = { hashingAlgorithm: 'SHA_256' } as const;
const UNKNOWN_STREAM = changed('ItemNotFound', 'InvalidCorrelationValue');
const UNSUPPORTED = changed('InvalidField', 'UnsupportedCryptographicParameters');
const BAD = changed('InvalidField', 'BadCryptographicParameters');
const ELSEWHERE = always('KeyValueNotPresent');
const USED_UP = always('PermissionDenied'); // as OASIS test cases want it

type Keyed = PayloadOf<'Encrypt'>;
type Using = (uniqueIdentifier: string, more?: Partial<Keyed>) => Keyed;

/** What is wrong with a key that computes, whatever it computes. */
interface KeyRoles {
  /** Good but for what the row says. */
  readonly good: keyof Cast & ('active' | 'rsaPrivate' | 'rsaPublic' | 'hmac');
  readonly elsewhere: 'elsewhere' | 'privateElsewhere' | 'publicElsewhere';
  readonly archived: 'archived' | 'rsaArchived' | 'rsaPublicArchived';
}

function aboutKeys(using: Using, roles: KeyRoles): readonly Row<'Encrypt'>[] {
  return [
    ['there is no such object', NOT_FOUND, () => using(NOBODY)],
    ['the object is of another adapter', NOT_FOUND, (the) => using(the.foreign)],
    ['the object belongs to a user', DENIED, (the) => using(the.others)],
    [
      'no object is named',
      changed('MissingData', 'InvalidMessage'),
      () => ({ ...using(NOBODY), uniqueIdentifier: undefined }),
    ],
    ['the mask does not allow it', USAGE_NOT_PERMITTED, (the) => using(the.unusable)],
    ['the object is archived', ARCHIVED, (the) => using(the[roles.archived])],
    ['the Key Value is not here', ELSEWHERE, (the) => using(the[roles.elsewhere])],
    ['there is no data', INVALID_FIELD, (the) => ({ ...using(the[roles.good]), data: undefined })],
    [
      'the Correlation Value is of nothing that was begun',
      UNKNOWN_STREAM,
      (the) => ({ ...using(the[roles.good]), correlationValue: BLOCK }),
    ],
    [
      'the Correlation Value is of another operation',
      UNKNOWN_STREAM,
      async (the) => ({ ...using(the[roles.good]), correlationValue: await hashing(the) }),
    ],
    [
      'the beginning has a Correlation Value',
      INVALID_FIELD,
      (the) => ({ ...using(the[roles.good]), correlationValue: BLOCK, initIndicator: true }),
    ],
  ];
}

/** Begins a Hash in parts; answers its Correlation Value. */
async function hashing({ rig }: Cast): Promise<Uint8Array> {
  const payload = {
    cryptographicParameters: { hashingAlgorithm: 'SHA_256' },
    data: BLOCK,
    initIndicator: true,
  } as const;
  const [answer] = await rig.send('2.1', [{ operation: 'Hash', payload }]);
  const { correlationValue } = successOf('Hash', answer);
  if (correlationValue === undefined) throw new Error('The Hash has no Correlation Value.');
  return correlationValue;
}

/** The states in which an AES key does no such thing. */
const inStates = (
  states: readonly ('preActive' | 'deactivated' | 'compromised' | 'destroyed')[],
  using: Using,
): readonly Row<'Encrypt'>[] =>
  states.map((state) => [`the key is ${state}`, WRONG_STATE, (the) => using(the[state])]);

const ciphering =
  (parameters: CryptographicParameters): Using =>
  (uniqueIdentifier, more) => ({
    uniqueIdentifier,
    cryptographicParameters: parameters,
    data: BLOCK,
    ivCounterNonce: BLOCK,
    ...more,
  });

const CBC = { blockCipherMode: 'CBC' } as const;
const GCM = { blockCipherMode: 'GCM' } as const;
const cbc = ciphering(CBC);

/** What is the same for both ways of a cipher. */
const CIPHER: readonly Row<'Encrypt'>[] = [
  ...aboutKeys(cbc, { good: 'active', elsewhere: 'elsewhere', archived: 'archived' }),
  ['a secret is no key for AES', UNSUPPORTED, (the) => cbc(the.secret)],
  [
    'the mode is not known',
    UNSUPPORTED,
    (the) => ciphering({ blockCipherMode: '0x80000001' })(the.active),
  ],
  ['there is no mode', BAD, (the) => ciphering({})(the.active)],
  [
    'the parameters are for another algorithm',
    BAD,
    (the) => ciphering({ ...CBC, cryptographicAlgorithm: 'Camellia' })(the.active),
  ],
  [
    'the padding is none of blocks',
    UNSUPPORTED,
    (the) => ciphering({ ...CBC, paddingMethod: 'OAEP' })(the.active),
  ],
  [
    'the IV is too short',
    INVALID_FIELD,
    (the) => cbc(the.active, { ivCounterNonce: new Uint8Array(8) }),
  ],
  [
    'there is no IV',
    always('InvalidMessage'), // as OASIS test cases want it
    (the) => cbc(the.active, { ivCounterNonce: undefined }),
  ],
  [
    'the data is none of whole blocks',
    always('CryptographicFailure'),
    (the) => cbc(the.active, { data: new Uint8Array(15) }),
  ],
  [
    'the mode needs all data at once',
    INVALID_FIELD,
    (the) => ({
      ...ciphering({ blockCipherMode: 'NISTKeyWrap' })(the.active),
      initIndicator: true,
    }),
  ],
];

const ENCRYPT: readonly Row<'Encrypt'>[] = [
  ...CIPHER,
  ...inStates(['preActive', 'deactivated', 'compromised', 'destroyed'], cbc),
  [
    'the tag is to be too short',
    always('GeneralFailure'), // as OASIS test cases want it
    (the) => ciphering({ ...GCM, tagLength: 4 })(the.active),
  ],
  ['the Protect Stop Date has come', WRONG_STATE, (the) => cbc(the.stopped)],
  ['the Usage Limits are used up', USED_UP, (the) => cbc(the.limited)],
  ['a private key does not encrypt', WRONG_TYPE, (the) => ciphering({})(the.rsaAlone)],
  [
    'the data is longer than RSA takes',
    always('CryptographicFailure'),
    (the) => ciphering({ paddingMethod: 'OAEP' })(the.rsaPublic, { data: new Uint8Array(300) }),
  ],
  [
    'the padding is none of RSA',
    UNSUPPORTED,
    (the) => ciphering({ paddingMethod: 'PKCS5' })(the.rsaPublic),
  ],
  ['a key of a curve does not encrypt', WRONG_TYPE, (the) => ciphering({})(the.ecPublic)],
];

const DECRYPT: readonly Row<'Decrypt'>[] = [
  ...CIPHER,
  ...inStates(['preActive', 'destroyed'], cbc),
  ['a public key does not decrypt', WRONG_TYPE, (the) => ciphering({})(the.macingPair)],
  ['the Process Start Date is yet to come', WRONG_STATE, (the) => cbc(the.unstarted)],
  [
    'what comes out is not padded',
    always('CryptographicFailure'),
    (the) => ciphering({ ...CBC, paddingMethod: 'PKCS5' })(the.active),
  ],
  [
    'the tag is wrong',
    always('CryptographicFailure'),
    (the) => ({
      ...ciphering(GCM)(the.active, { ivCounterNonce: new Uint8Array(12) }),
      authenticatedEncryptionTag: new Uint8Array(16),
    }),
  ],
  [
    'the data is nothing that RSA gave',
    always('CryptographicFailure'),
    (the) => ciphering({ paddingMethod: 'OAEP' })(the.rsaPrivate, { data: new Uint8Array(256) }),
  ],
];

const signing: Using = (uniqueIdentifier, more) => ({
  uniqueIdentifier,
  cryptographicParameters: { ...SHA_256, paddingMethod: 'PKCS1V1_5' },
  data: BLOCK,
  ...more,
});

const UNSIGNABLE: readonly (readonly [string, CryptographicParameters])[] = [
  ['the Hashing Algorithm is not supported', { hashingAlgorithm: 'MD2' }],
  ['the padding is none of signatures', { hashingAlgorithm: 'SHA_256', paddingMethod: 'PKCS5' }],
  ['the algorithm is not known', { digitalSignatureAlgorithm: 'MD2WithRSAEncryption' }],
];

/** Neither an algorithm nor a hash. */
const NO_HASH = { paddingMethod: 'PSS' } as const;

function unsignable(role: 'rsaPrivate' | 'rsaPublic'): readonly Row<'Encrypt'>[] {
  return UNSIGNABLE.map(([situation, cryptographicParameters]) => [
    situation,
    UNSUPPORTED,
    (the) => signing(the[role], { cryptographicParameters }),
  ]);
}

const SIGN: readonly Row<'Sign'>[] = [
  ...aboutKeys(signing, {
    good: 'rsaPrivate',
    elsewhere: 'privateElsewhere',
    archived: 'rsaArchived',
  }),
  ...unsignable('rsaPrivate'),
  ['there is no hash', BAD, (the) => signing(the.rsaPrivate, { cryptographicParameters: NO_HASH })],
  ['the key is deactivated', WRONG_STATE, (the) => signing(the.rsaDeactivated)],
  ['the key is destroyed', WRONG_STATE, (the) => signing(the.rsaDestroyed)],
  ['the Usage Limits are used up', USED_UP, (the) => signing(the.rsaLimited)],
  ['a symmetric key does not sign', WRONG_TYPE, (the) => signing(the.signingSecret)],
  [
    'the digest is of another length than the Hashing Algorithm gives',
    INVALID_FIELD,
    (the) => ({ ...signing(the.rsaPrivate, { data: undefined }), digestedData: BLOCK }),
  ],
  [
    'a digest comes in parts',
    INVALID_FIELD,
    (the) => ({
      ...signing(the.rsaPrivate, { data: undefined, initIndicator: true }),
      digestedData: new Uint8Array(32),
    }),
  ],
  ['a public key does not sign', USAGE_NOT_PERMITTED, (the) => signing(the.rsaPublic)],
  [
    'a digest is signed by PSS',
    always('FeatureNotSupported'),
    (the) => ({
      ...signing(the.rsaPrivate, {
        data: undefined,
        cryptographicParameters: { hashingAlgorithm: 'SHA_256', paddingMethod: 'PSS' },
      }),
      digestedData: new Uint8Array(32),
    }),
  ],
  [
    'the salt is longer than the key has room for',
    always('CryptographicFailure'),
    (the) =>
      signing(the.rsaPrivate, {
        cryptographicParameters: {
          hashingAlgorithm: 'SHA_256',
          paddingMethod: 'PSS',
          saltLength: 1000,
        },
      }),
  ],
];

const verifying: Using = (uniqueIdentifier, more) => ({
  ...signing(uniqueIdentifier, more),
  signatureData: new Uint8Array(256),
});

const SIGNATURE_VERIFY: readonly Row<'SignatureVerify'>[] = [
  ...aboutKeys(verifying, {
    good: 'rsaPublic',
    elsewhere: 'publicElsewhere',
    archived: 'rsaPublicArchived',
  }),
  ...unsignable('rsaPublic').map(
    ([situation, reasons, payload]): Row<'SignatureVerify'> => [
      situation,
      reasons,
      async (the, version) => ({
        ...(await payload(the, version)),
        signatureData: new Uint8Array(256),
      }),
    ],
  ),
  [
    'there is no hash',
    BAD,
    (the) => verifying(the.rsaPublic, { cryptographicParameters: NO_HASH }),
  ],
  ['the key is pre-active', WRONG_STATE, (the) => verifying(the.rsaPublicPreActive)],
  ['a symmetric key verifies no signature', WRONG_TYPE, (the) => verifying(the.signingSecret)],
  ['a private key verifies nothing', USAGE_NOT_PERMITTED, (the) => verifying(the.rsaPrivate)],
  ['there is no signature', INVALID_FIELD, (the) => signing(the.rsaPublic)],
];

const HMAC = { cryptographicAlgorithm: 'HMAC_SHA256' } as const;
const macing: Using = (uniqueIdentifier, more) => ({
  uniqueIdentifier,
  cryptographicParameters: HMAC,
  data: BLOCK,
  ...more,
});

const MAC_OF: readonly Row<'Encrypt'>[] = [
  ...aboutKeys(macing, { good: 'hmac', elsewhere: 'elsewhere', archived: 'archived' }),
  ['a key pair makes no code', WRONG_TYPE, (the) => macing(the.macingPair)],
  [
    'the algorithm makes no code',
    BAD,
    (the) => macing(the.hmac, { cryptographicParameters: { cryptographicAlgorithm: 'AES' } }),
  ],
  [
    'the key says nothing of an algorithm',
    BAD,
    (the) => macing(the.secret, { cryptographicParameters: {} }),
  ],
];

export const CRYPTOGRAPHY_ROWS: readonly ErrorRow[] = [
  ...errorRows('Encrypt', ENCRYPT),
  ...errorRows('Decrypt', DECRYPT),
  ...errorRows('Sign', SIGN),
  ...errorRows('SignatureVerify', SIGNATURE_VERIFY),
  ...errorRows('MAC', [
    ...MAC_OF,
    ...inStates(['preActive', 'deactivated', 'compromised', 'destroyed'], macing),
    ['the Usage Limits are used up', USED_UP, (the) => macing(the.hmacLimited)],
  ]),
  ...errorRows('MACVerify', [
    ...MAC_OF.map(
      ([situation, reasons, payload]): Row<'MACVerify'> => [
        situation,
        reasons,
        async (the, version) => ({ ...(await payload(the, version)), macData: new Uint8Array(32) }),
      ],
    ),
    ...inStates(['preActive', 'destroyed'], macing),
    ['there is no code', INVALID_FIELD, (the) => macing(the.hmac)],
  ]),
  ...errorRows('Hash', [
    [
      'there is no Hashing Algorithm',
      INVALID_FIELD,
      () => ({ cryptographicParameters: {}, data: BLOCK }),
    ],
    [
      'the Hashing Algorithm is not supported',
      UNSUPPORTED,
      () => ({ cryptographicParameters: { hashingAlgorithm: 'MD2' }, data: BLOCK }),
    ],
    ['there is no data', INVALID_FIELD, () => ({ cryptographicParameters: SHA_256 })],
    [
      'the Correlation Value is of nothing that was begun',
      UNKNOWN_STREAM,
      () => ({ cryptographicParameters: SHA_256, data: BLOCK, correlationValue: BLOCK }),
    ],
    [
      'the beginning has a Correlation Value',
      INVALID_FIELD,
      () => ({
        cryptographicParameters: SHA_256,
        data: BLOCK,
        correlationValue: BLOCK,
        initIndicator: true,
      }),
    ],
  ]),
  ...errorRows('RNGRetrieve', [
    ['it is to be nothing', INVALID_FIELD, () => ({ dataLength: 0 })],
    ['it is less than nothing', INVALID_FIELD, () => ({ dataLength: -1 })],
    ['it is more than one answer holds', INVALID_FIELD, () => ({ dataLength: 2 ** 31 - 1 })],
  ]),
  ...errorRows('RNGSeed', [
    ['the seed is empty', INVALID_FIELD, () => ({ data: new Uint8Array(0) })],
  ]),
];
