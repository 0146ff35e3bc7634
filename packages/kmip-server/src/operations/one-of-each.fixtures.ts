/** For every operation a request of 2.1 that succeeds, and what has to be there for it. */

import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { createSelfSignedCertificate } from '@claviger/pki';
import type { MessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aName } from '../objects/managed-object.fixtures.ts';
import {
  activate,
  addAttribute,
  create,
  DISCOVER_VERSIONS,
  destroy,
  get,
  getAttributes,
  locate,
  NOBODY,
  QUERY,
} from '../requests.fixtures.ts';
import { A_REQUEST, CERTIFIED_KEY } from './certificate-requests.fixtures.ts';
import type { HandledOperation } from './index.ts';
import { bytes, registerHalf, registerKey, registerSecret } from './known-keys.fixtures.ts';

type Request<O extends HandledOperation> = Extract<RequestedItem, { operation: O }>;

/** Makes what the request needs. */
type Preparation<O extends HandledOperation> = (rig: MessageRig) => Promise<Request<O>['payload']>;

const KEY = '000102030405060708090a0b0c0d0e0f';
const DATA = bytes('00112233445566778899aabbccddeeff');
const ECB = { blockCipherMode: 'ECB' } as const;
const AES_128 = attributesOf(
  attribute('CryptographicAlgorithm', 'AES'),
  attribute('CryptographicLength', 128),
  attribute('CryptographicUsageMask', 12),
);
const LIMITS = attribute('UsageLimits', { usageLimitsTotal: 1000n, usageLimitsUnit: 'Byte' });
const EC_SIGNATURE = { digitalSignatureAlgorithm: 'ECDSAWithSHA256' } as const;
const PKCS_10 = { certificateRequestType: 'PKCS_10', certificateRequest: A_REQUEST } as const;

function attributesOf(...attributes: readonly Attribute[]) {
  return { attributes, templateNames: [] };
}

/** The answer to the one item of a message. */
async function done<O extends HandledOperation>(
  rig: MessageRig,
  operation: O,
  payload: Request<O>['payload'],
) {
  // The operation and its payload are tied by the parameter.
  const [answer] = await rig.send('2.1', [{ operation, payload } as RequestedItem]);
  return successOf(operation, answer);
}

async function aKey(rig: MessageRig, ...attributes: readonly Attribute[]): Promise<string> {
  const { payload } = create(...attributes) as Request<'Create'>;
  return String((await done(rig, 'Create', payload)).uniqueIdentifier);
}

const anAesKey = (rig: MessageRig) =>
  registerKey(rig, 'AES', KEY, { usage: ['Encrypt', 'Decrypt'] });
const aMacKey = (rig: MessageRig) =>
  registerKey(rig, 'HMAC_SHA256', KEY, { usage: ['MACGenerate', 'MACVerify'] });
const aPublicKey = (rig: MessageRig) => {
  const key = { algorithm: 'EC', bits: 256, format: 'X_509', der: CERTIFIED_KEY } as const;
  return registerHalf(rig, 'public', key, { usage: ['Verify'] });
};

const A_PAIR: Request<'CreateKeyPair'>['payload'] = {
  commonAttributes: attributesOf(
    attribute('CryptographicAlgorithm', 'ECDSA'),
    attribute('CryptographicLength', 256),
    attribute('ActivationDate', 1),
  ),
  privateKeyAttributes: attributesOf(attribute('CryptographicUsageMask', 1)),
  publicKeyAttributes: attributesOf(attribute('CryptographicUsageMask', 2)),
};

async function aPair(rig: MessageRig) {
  const pair = await done(rig, 'CreateKeyPair', A_PAIR);
  return {
    privateKey: String(pair.privateKeyUniqueIdentifier),
    publicKey: String(pair.publicKeyUniqueIdentifier),
  };
}

async function aCertificate(rig: MessageRig): Promise<string> {
  const uniqueIdentifier = await aPublicKey(rig);
  const certified = await done(rig, 'Certify', { uniqueIdentifier, ...PKCS_10 });
  return String(certified.uniqueIdentifier);
}

async function split(rig: MessageRig) {
  return {
    objectType: 'SplitKey',
    uniqueIdentifier: await anAesKey(rig),
    splitKeyParts: 3,
    splitKeyThreshold: 2,
    splitKeyMethod: 'PolynomialSharingGF2_8',
    attributes: attributesOf(),
  } as const;
}

/** The Asynchronous Correlation Value of a request that waits. */
async function aWaitingRequest(rig: MessageRig): Promise<Uint8Array> {
  const header = { asynchronousIndicator: 'Mandatory' } as const;
  const [answer] = await rig.send('2.1', [create()], { header });
  return answer?.asynchronousCorrelationValue ?? new Uint8Array(0);
}

async function aDoneRequest(rig: MessageRig) {
  const asynchronousCorrelationValue = await aWaitingRequest(rig);
  await done(rig, 'Process', { asynchronousCorrelationValue });
  return { asynchronousCorrelationValue };
}

/** The payload of a request about a new key. */
const aboutKey =
  <O extends HandledOperation>(_operation: O, item: (id: string) => RequestedItem) =>
  async (rig: MessageRig): Promise<Request<O>['payload']> =>
    // The builders of requests forget which operation they are for.
    item(await aKey(rig)).payload as Request<O>['payload'];

const ofKey = async (rig: MessageRig) => ({ uniqueIdentifier: await aKey(rig) });
const nothing = async () => ({});

const ONE_OF_EACH: { readonly [O in HandledOperation]: Preparation<O> } = {
  Activate: aboutKey('Activate', activate),
  AddAttribute: aboutKey('AddAttribute', (id) => addAttribute(aName('added'), id)),
  AdjustAttribute: async (rig) => ({
    uniqueIdentifier: await aKey(rig, attribute('Extractable', true)),
    attributeReference: { kind: 'standard', name: 'Extractable' },
    adjustmentType: 'Negate',
  }),
  Archive: ofKey,
  Cancel: async (rig) => ({ asynchronousCorrelationValue: await aWaitingRequest(rig) }),
  Certify: async (rig) => ({ uniqueIdentifier: await aPublicKey(rig), ...PKCS_10 }),
  Check: async (rig) => ({ uniqueIdentifier: await aKey(rig, LIMITS), usageLimitsCount: 1n }),
  Create: async () => (create() as Request<'Create'>).payload,
  CreateKeyPair: async () => A_PAIR,
  CreateSplitKey: split,
  Decrypt: async (rig) => ({
    uniqueIdentifier: await anAesKey(rig),
    cryptographicParameters: ECB,
    data: DATA,
  }),
  DelegatedLogin: async () => ({ usageLimits: undefined, rights: { right: [{}] } }),
  DeleteAttribute: async (rig) => ({
    uniqueIdentifier: await aKey(rig, aName('to be deleted')),
    currentAttribute: aName('to be deleted'),
    attributeReference: undefined,
    attributeIndex: undefined,
  }),
  DeriveKey: async (rig) => ({
    objectType: 'SymmetricKey',
    uniqueIdentifier: [await registerSecret(rig, KEY, { usage: ['DeriveKey'] })],
    derivationMethod: 'HASH',
    derivationParameters: {
      derivationData: [],
      cryptographicParameters: { hashingAlgorithm: 'SHA_256' },
    },
    attributes: AES_128,
  }),
  Destroy: aboutKey('Destroy', destroy),
  DiscoverVersions: async () => (DISCOVER_VERSIONS as Request<'DiscoverVersions'>).payload,
  Encrypt: async (rig) => ({
    uniqueIdentifier: await anAesKey(rig),
    cryptographicParameters: { blockCipherMode: 'CBC', paddingMethod: 'PKCS5', randomIV: true },
    data: DATA,
  }),
  Export: ofKey,
  Get: aboutKey('Get', get),
  GetAttributeList: ofKey,
  GetAttributes: aboutKey('GetAttributes', getAttributes),
  GetConstraints: nothing,
  GetUsageAllocation: async (rig) => ({
    uniqueIdentifier: await aKey(rig, LIMITS, attribute('ActivationDate', 1)),
    usageLimitsCount: 10n,
  }),
  Hash: async () => ({ cryptographicParameters: { hashingAlgorithm: 'SHA_256' }, data: DATA }),
  Import: async () => ({
    uniqueIdentifier: NOBODY,
    objectType: 'SymmetricKey',
    attributes: [attribute('CryptographicUsageMask', 12)],
    symmetricKey: {
      keyBlock: {
        keyFormatType: 'Raw',
        keyValue: { keyMaterial: bytes(KEY), attributes: [] },
        cryptographicAlgorithm: 'AES',
        cryptographicLength: 128,
      },
    },
  }),
  Interop: async () => ({ interopFunction: 'Begin', interopIdentifier: 'any' }),
  JoinSplitKey: async (rig) => {
    const parts = (await done(rig, 'CreateSplitKey', await split(rig))).uniqueIdentifier;
    return {
      objectType: 'SymmetricKey',
      uniqueIdentifier: parts.slice(1).map(String),
      attributes: AES_128,
    };
  },
  Locate: async (rig) => {
    await aKey(rig, aName('wanted'));
    return (locate(aName('wanted')) as Request<'Locate'>).payload;
  },
  Log: async () => ({ logMessage: 'a backup has begun' }),
  Login: async () => ({ usageLimits: undefined }),
  Logout: async (rig) => await done(rig, 'Login', { usageLimits: undefined }),
  MAC: async (rig) => ({ uniqueIdentifier: await aMacKey(rig), data: DATA }),
  MACVerify: async (rig) => {
    const uniqueIdentifier = await aMacKey(rig);
    const { macData } = await done(rig, 'MAC', { uniqueIdentifier, data: DATA });
    return { uniqueIdentifier, data: DATA, macData };
  },
  ModifyAttribute: async (rig) => ({
    uniqueIdentifier: await aKey(rig, aName('before')),
    currentAttribute: aName('before'),
    attribute: aName('after'),
  }),
  ObtainLease: ofKey,
  Ping: nothing,
  PKCS_11: async () => ({ pkcs11Function: 'C_Initialize' }),
  Poll: aDoneRequest,
  Process: aDoneRequest,
  Query: async () => (QUERY as Request<'Query'>).payload,
  QueryAsynchronousRequests: async (rig) => {
    await aWaitingRequest(rig);
    return {};
  },
  ReCertify: async (rig) => ({ uniqueIdentifier: await aCertificate(rig), ...PKCS_10 }),
  ReKey: ofKey,
  ReKeyKeyPair: async (rig) => ({
    privateKeyUniqueIdentifier: (await aPair(rig)).privateKey,
    commonAttributes: undefined,
    privateKeyAttributes: undefined,
    publicKeyAttributes: undefined,
  }),
  ReProvision: async (rig) => {
    const { certificate } = await createSelfSignedCertificate(
      {
        profile: {
          subject: { commonName: 'the next' },
          key: { algorithm: 'EC', curve: 'P-256' },
          validityDays: 2,
          keyUsage: ['digitalSignature'],
          extendedKeyUsage: [],
        },
      },
      { now: rig.clock.now },
    );
    return { certificate: { certificateType: 'X_509', certificateValue: certificate.der } };
  },
  Recover: async (rig) => {
    const uniqueIdentifier = await aKey(rig);
    await done(rig, 'Archive', { uniqueIdentifier });
    return { uniqueIdentifier };
  },
  Register: async () => ({
    objectType: 'OpaqueObject',
    opaqueObject: { opaqueDataType: '0x80000001', opaqueDataValue: DATA },
    attributes: attributesOf(),
  }),
  Revoke: async (rig) => ({
    uniqueIdentifier: await aKey(rig),
    revocationReason: { revocationReasonCode: 'KeyCompromise' },
  }),
  RNGRetrieve: async () => ({ dataLength: 16 }),
  RNGSeed: async () => ({ data: DATA }),
  SetAttribute: async (rig) => ({
    uniqueIdentifier: await aKey(rig),
    attribute: attribute('ContactInformation', 'the night shift'),
  }),
  SetConstraints: nothing,
  SetDefaults: nothing,
  SetEndpointRole: async () => ({ endpointRole: 'Server' }),
  Sign: async (rig) => ({
    uniqueIdentifier: (await aPair(rig)).privateKey,
    cryptographicParameters: EC_SIGNATURE,
    data: DATA,
  }),
  SignatureVerify: async (rig) => {
    const { privateKey, publicKey } = await aPair(rig);
    const signed = { cryptographicParameters: EC_SIGNATURE, data: DATA };
    const { signatureData } = await done(rig, 'Sign', { uniqueIdentifier: privateKey, ...signed });
    return { uniqueIdentifier: publicKey, ...signed, signatureData };
  },
  Validate: async (rig) => ({ certificate: [], uniqueIdentifier: [await aCertificate(rig)] }),
};

/** Prepares an adapter for an operation. @returns a request that succeeds then. */
export async function prepare(
  rig: MessageRig,
  operation: HandledOperation,
): Promise<RequestedItem> {
  const payload = await ONE_OF_EACH[operation](rig);
  return { operation, payload } as RequestedItem; // each row makes the payload of its own operation
}
