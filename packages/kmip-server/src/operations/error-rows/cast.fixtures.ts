/**
 * The objects that the rows of the table of errors are about: one adapter with an object in every state and
 * of every type. Whatever is refused changes none of them, so that all rows share them.
 */

import { generateKeyPairSync } from 'node:crypto';
import { aCertificate, anAdapter } from '@claviger/key-store/testing';
import { type Attribute, attribute, type EnumerationValueName } from '@claviger/kmip-protocol';
import { createSelfSignedCertificate } from '@claviger/pki';
import { type MessageRig, startMessageRig } from '../../batch/message-rig.fixtures.ts';
import {
  addCredential,
  aUser,
  password,
  showing,
  ticketOf,
} from '../../credentials/credential-rig.fixtures.ts';
import { MAX_INSTANCES } from '../../lifecycle/attribute-rules.ts';
import { type RequestedItem, successOf } from '../../messages.fixtures.ts';
import { aCustom, aName, NOW } from '../../objects/managed-object.fixtures.ts';
import { activate, create, destroy, NOBODY } from '../../requests.fixtures.ts';
import {
  type KnownKeyOptions,
  register,
  registerHalf,
  registerKey,
  registerSecret,
} from '../known-keys.fixtures.ts';

/** Names that are taken. */
export const TAKEN = 'taken';
export const TEMPLATE_NAME = 'a template';
export const ARCHIVED_TEMPLATE_NAME = 'an archived template';

/** Key material of AES with 128 bits. */
export const KEY = '000102030405060708090a0b0c0d0e0f';

const CIPHER = ['Encrypt', 'Decrypt', 'WrapKey', 'UnwrapKey', 'MACGenerate', 'MACVerify'] as const;
const ALL = { usage: [...CIPHER, 'DeriveKey'] } as const satisfies KnownKeyOptions;
const SIGNING = { usage: ['Sign', 'Decrypt', 'UnwrapKey', 'DeriveKey'] } as const;
const VERIFYING = { usage: ['Verify', 'Encrypt', 'WrapKey', 'DeriveKey'] } as const;
const KEY_WRAP = attribute('CryptographicParameters', { blockCipherMode: 'NISTKeyWrap' });

export type Cast = Awaited<ReturnType<typeof gatherCast>>;

export async function gatherCast() {
  let lastByte = 0;
  const bytes = (count: number) => {
    lastByte++;
    return Uint8Array.from({ length: count }, (_, at) => lastByte * (at + 1) + at);
  };
  const rig = await startMessageRig({ randomness: { bytes } });
  const aes = (options: Partial<KnownKeyOptions> = {}) =>
    registerKey(rig, 'AES', KEY, { ...ALL, ...options });
  const on = aes; // said of what is done to the key afterwards
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rsaPrivateKey = {
    algorithm: 'RSA',
    bits: 2048,
    format: 'PKCS_8',
    der: new Uint8Array(rsa.privateKey.export({ format: 'der', type: 'pkcs8' })),
  } as const;
  const rsaPublicKey = {
    algorithm: 'RSA',
    bits: 2048,
    format: 'X_509',
    der: new Uint8Array(rsa.publicKey.export({ format: 'der', type: 'spki' })),
  } as const;
  const ecPublicKey = {
    algorithm: 'EC',
    bits: 256,
    format: 'X_509',
    der: new Uint8Array(ec.publicKey.export({ format: 'der', type: 'spki' })),
  } as const;
  const { certificate: selfSigned } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName: 'somebody' },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays: 2,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
    },
    { now: rig.clock.now },
  );
  const rsaPublic = await registerHalf(rig, 'public', rsaPublicKey, {
    ...VERIFYING,
    attributes: [attribute('CryptographicParameters', { paddingMethod: 'OAEP' })],
  });
  const link = attribute('Link', {
    linkType: 'PublicKeyLink',
    linkedObjectIdentifier: rsaPublic,
  });
  const rsaPrivate = await registerHalf(rig, 'private', rsaPrivateKey, {
    ...SIGNING,
    attributes: [link],
  });
  const limited = attribute('UsageLimits', { usageLimitsTotal: 8n, usageLimitsUnit: 'Byte' });
  const parts = await splitOf(rig, await aes());
  const cast = {
    rig,
    rsaPrivateKey,
    rsaPublicKey,
    ecPublicKey,
    certificateValue: selfSigned.der,

    // An AES key in each state.
    preActive: await aes({ isPreActive: true, attributes: [aName(TAKEN)] }),
    active: await aes({ attributes: [aName('active'), aName('again', 1)] }),
    deactivated: await revoked(rig, await on(), 'Superseded'),
    compromised: await revoked(rig, await on(), 'KeyCompromise'),
    destroyed: await destroyed(rig, await on({ isPreActive: true })),
    destroyedCompromised: await destroyed(rig, await revoked(rig, await on(), 'KeyCompromise')),
    archived: await archived(rig, await on()),
    // Keys that may not, or cannot.
    unusable: await aes({ usage: ['Export'] }),
    limited: await aes({ attributes: [limited] }),
    drawn: await drawnOn(rig, await aes({ attributes: [limited] })),
    limitedPreActive: await aes({ isPreActive: true, attributes: [limited] }),
    stopped: await aes({ attributes: [limited, attribute('ProtectStopDate', NOW - 1)] }),
    unstarted: await aes({ attributes: [attribute('ProcessStartDate', NOW + 1000)] }),
    sensitive: await aes({ attributes: [attribute('Sensitive', true)] }),
    unextractable: await aes({ attributes: [attribute('Extractable', false)] }),
    crowded: await aes({
      attributes: Array.from({ length: MAX_INSTANCES }, (_, at) => aCustom('Tag', `${at}`)),
    }),
    dated: await aes({
      isPreActive: true,
      attributes: [attribute('DeactivationDate', NOW + 9000)],
    }),
    elsewhere: await register(
      rig,
      {
        objectType: 'SymmetricKey',
        symmetricKey: {
          keyBlock: {
            keyFormatType: 'Raw',
            cryptographicAlgorithm: 'AES',
            cryptographicLength: 128,
          },
        },
      },
      ALL,
    ),
    // Keys that wrap.
    wrapping: await aes({ attributes: [KEY_WRAP] }),
    gcmWrapping: await aes({
      attributes: [attribute('CryptographicParameters', { blockCipherMode: 'GCM' })],
    }),
    unwrapping: await aes({ usage: ['Encrypt'], attributes: [KEY_WRAP] }),
    preActiveWrapping: await aes({ isPreActive: true, attributes: [KEY_WRAP] }),
    destroyedWrapping: await destroyed(
      rig,
      await aes({ isPreActive: true, attributes: [KEY_WRAP] }),
    ),
    archivedWrapping: await archived(rig, await aes({ attributes: [KEY_WRAP] })),
    elsewhereWrapping: await register(
      rig,
      {
        objectType: 'SymmetricKey',
        symmetricKey: {
          keyBlock: {
            keyFormatType: 'Raw',
            cryptographicAlgorithm: 'AES',
            cryptographicLength: 128,
          },
        },
      },
      { ...ALL, attributes: [KEY_WRAP] },
    ),
    /** Kept as it came: wrapped by a key that is not here. */
    wrapped: await register(
      rig,
      {
        objectType: 'SymmetricKey',
        symmetricKey: {
          keyBlock: {
            keyFormatType: 'Opaque',
            keyValue: { keyMaterial: new Uint8Array(24), attributes: [] },
            cryptographicAlgorithm: 'AES',
            cryptographicLength: 128,
            keyWrappingData: {
              wrappingMethod: 'Encrypt',
              encryptionKeyInformation: { uniqueIdentifier: NOBODY },
              encodingOption: 'NoEncoding',
            },
          },
        },
      },
      ALL,
    ),
    // Keys of other kinds.
    hmac: await registerKey(rig, 'HMAC_SHA256', KEY, { usage: ['MACGenerate', 'MACVerify'] }),
    hmacLimited: await registerKey(rig, 'HMAC_SHA256', KEY, {
      usage: ['MACGenerate'],
      attributes: [limited],
    }),
    rsaPrivate,
    rsaPublic,
    rsaLimited: await registerHalf(rig, 'private', rsaPrivateKey, {
      ...SIGNING,
      attributes: [limited],
    }),
    rsaDeactivated: await revoked(
      rig,
      await registerHalf(rig, 'private', rsaPrivateKey, { ...SIGNING, attributes: [link] }),
      'Superseded',
    ),
    rsaDestroyed: await destroyed(
      rig,
      await registerHalf(rig, 'private', rsaPrivateKey, {
        ...SIGNING,
        isPreActive: true,
        attributes: [link],
      }),
    ),
    rsaArchived: await archived(
      rig,
      await registerHalf(rig, 'private', rsaPrivateKey, { ...SIGNING, attributes: [link] }),
    ),
    rsaAlone: await registerHalf(rig, 'private', rsaPrivateKey, {
      usage: ['Sign', 'Decrypt', 'Encrypt', 'WrapKey'],
      attributes: [attribute('CryptographicParameters', { paddingMethod: 'OAEP' })],
    }),
    rsaDated: await registerHalf(rig, 'private', rsaPrivateKey, {
      ...SIGNING,
      isPreActive: true,
      attributes: [link, attribute('DeactivationDate', NOW + 9000)],
    }),
    rsaPublicPreActive: await registerHalf(rig, 'public', rsaPublicKey, {
      ...VERIFYING,
      isPreActive: true,
    }),
    rsaPublicArchived: await archived(
      rig,
      await registerHalf(rig, 'public', rsaPublicKey, VERIFYING),
    ),
    rsaPublicCompromised: await revoked(
      rig,
      await registerHalf(rig, 'public', rsaPublicKey, VERIFYING),
      'KeyCompromise',
    ),
    ecPublic: await registerHalf(rig, 'public', ecPublicKey, VERIFYING),
    privateElsewhere: await register(
      rig,
      {
        objectType: 'PrivateKey',
        privateKey: {
          keyBlock: {
            keyFormatType: 'PKCS_8',
            cryptographicAlgorithm: 'RSA',
            cryptographicLength: 2048,
          },
        },
      },
      { ...SIGNING, attributes: [link] },
    ),
    publicElsewhere: await register(
      rig,
      {
        objectType: 'PublicKey',
        publicKey: {
          keyBlock: {
            keyFormatType: 'X_509',
            cryptographicAlgorithm: 'RSA',
            cryptographicLength: 2048,
          },
        },
      },
      VERIFYING,
    ),
    /** Keys whose masks say what their kinds cannot do. */
    signingSecret: await aes({ usage: ['Sign', 'Verify'] }),
    macingPair: await registerHalf(rig, 'public', rsaPublicKey, {
      usage: ['MACGenerate', 'MACVerify', 'Decrypt'],
    }),
    // Objects of other types.
    secret: await registerSecret(rig, KEY, ALL),
    archivedSecret: await archived(rig, await registerSecret(rig, KEY, ALL)),
    opaque: await registered(rig, {
      objectType: 'OpaqueObject',
      opaqueObject: { opaqueDataType: '0x80000001', opaqueDataValue: Uint8Array.of(1, 2) },
    }),
    certificate: await registered(rig, {
      objectType: 'Certificate',
      certificate: { certificateType: 'X_509', certificateValue: selfSigned.der },
    }),
    archivedCertificate: await archived(
      rig,
      await registered(rig, {
        objectType: 'Certificate',
        certificate: { certificateType: 'X_509', certificateValue: selfSigned.der },
      }),
    ),
    template: await registered(rig, {
      objectType: 'Template',
      template: { attributes: [aName(TEMPLATE_NAME), attribute('CryptographicAlgorithm', 'AES')] },
    }),
    archivedTemplate: await archived(
      rig,
      await registered(rig, {
        objectType: 'Template',
        template: {
          attributes: [aName(ARCHIVED_TEMPLATE_NAME), attribute('CryptographicAlgorithm', 'AES')],
        },
      }),
    ),
    parts,
    // Of others.
    foreign: await foreignObject(rig),
    others: await othersObject(rig),
    /** What a ticket for Ping alone lets its bearer do. */
    pinging: showing(ticketOf(await ticketForPing(rig))),
  };
  const [, otherPart = '', last = ''] = await splitOf(rig, rsaPrivate);
  return { ...cast, otherPart, archivedPart: await archived(rig, last) };
}

type Register = Extract<RequestedItem, { operation: 'Register' }>['payload'];

/** Registers an object without attributes. */
async function registered(rig: MessageRig, object: Omit<Register, 'attributes'>): Promise<string> {
  const attributes = { attributes: [] as Attribute[], templateNames: [] };
  const [answer] = await rig.send('1.4', [
    { operation: 'Register', payload: { ...object, attributes } },
  ]);
  return String(successOf('Register', answer).uniqueIdentifier);
}

async function revoked(
  rig: MessageRig,
  uniqueIdentifier: string,
  revocationReasonCode: EnumerationValueName<'RevocationReasonCode'>,
): Promise<string> {
  const payload = { uniqueIdentifier, revocationReason: { revocationReasonCode } };
  const [answer] = await rig.send('1.4', [{ operation: 'Revoke', payload }]);
  return String(successOf('Revoke', answer).uniqueIdentifier);
}

async function destroyed(rig: MessageRig, id: string): Promise<string> {
  const [answer] = await rig.send('1.4', [destroy(id)]);
  return String(successOf('Destroy', answer).uniqueIdentifier);
}

async function archived(rig: MessageRig, uniqueIdentifier: string): Promise<string> {
  const [answer] = await rig.send('1.4', [{ operation: 'Archive', payload: { uniqueIdentifier } }]);
  return String(successOf('Archive', answer).uniqueIdentifier);
}

/** Takes something from the Usage Limits of a key. */
async function drawnOn(rig: MessageRig, uniqueIdentifier: string): Promise<string> {
  const payload = { uniqueIdentifier, usageLimitsCount: 1n };
  const [answer] = await rig.send('1.4', [{ operation: 'GetUsageAllocation', payload }]);
  return String(successOf('GetUsageAllocation', answer).uniqueIdentifier);
}

/** Three parts of a key, any two of which give it back. */
async function splitOf(rig: MessageRig, uniqueIdentifier: string): Promise<readonly string[]> {
  const [answer] = await rig.send('1.4', [
    {
      operation: 'CreateSplitKey',
      payload: {
        objectType: 'SplitKey',
        uniqueIdentifier,
        splitKeyParts: 3,
        splitKeyThreshold: 2,
        splitKeyMethod: 'PolynomialSharingGF2_8',
        attributes: { attributes: [], templateNames: [] },
      },
    },
  ]);
  return successOf('CreateSplitKey', answer).uniqueIdentifier.map(String);
}

/** An object of another adapter, made by a client of that one. */
async function foreignObject(rig: MessageRig): Promise<string> {
  const { rootKey } = rig.source.principal.record;
  const blank = anAdapter({ rootKeyId: rootKey.id });
  const wrappedKey = rig.keys.newAdapterKey({
    rootKeyId: rootKey.id,
    wrappedRootKey: rootKey.wrappedKey,
    adapterId: blank.id,
  });
  const certificate = aCertificate({ adapterId: blank.id });
  await rig.store.commit({
    guards: [],
    changes: [
      { kind: 'insert-adapter', adapter: { ...blank, wrappedKey } },
      { kind: 'insert-certificate', certificate },
    ],
    events: [],
  });
  const record = await rig.store.findPrincipal(certificate.fingerprintSha256);
  if (record === undefined) throw new Error('The other adapter was not kept.');
  const principal = { record, auditFingerprint: certificate.fingerprintSha256 };
  const [answer] = await rig.sendAs({ ...rig.source, principal }, '1.4', [create()]);
  return String(successOf('Create', answer).uniqueIdentifier);
}

/** An active key of the adapter that belongs to a credential. */
async function othersObject(rig: MessageRig): Promise<string> {
  await addCredential(rig, 'anna', aUser('anna', 'correct horse'));
  const anna = showing(password('anna', 'correct horse'));
  const [made, activated] = await rig.send('2.1', [create(), activate()], anna);
  successOf('Create', made);
  return String(successOf('Activate', activated).uniqueIdentifier);
}

async function ticketForPing(rig: MessageRig): Promise<Uint8Array> {
  const rights = { right: [{ operations: { operation: ['Ping' as const] } }] };
  const [answer] = await rig.send('2.1', [
    { operation: 'DelegatedLogin', payload: { usageLimits: undefined, rights } },
  ]);
  return successOf('DelegatedLogin', answer).ticket.ticketValue;
}
