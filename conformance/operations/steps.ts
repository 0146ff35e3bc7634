/** One step for each operation: what has to be there for it, the request, and a look at the answer. */

import { createHash, createHmac } from 'node:crypto';
import { attribute, type OperationName } from '@claviger/kmip-protocol';
import { createSelfSignedCertificate } from '@claviger/pki';
import { expect } from 'vitest';
import type { ClientCertificate } from '../client-certificates.ts';
import {
  ACTIVE,
  AES_128,
  aCertificate,
  aKey,
  aName,
  aPair,
  aWaitingRequest,
  DATA,
  LIMITS,
  parts,
  registered,
  SIGNATURE,
  type Workbench,
  withAttributes,
} from './workbench.ts';

/** What the event has to be about. */
export interface Outcome {
  /** The object; without one, the event is about the instance. */
  readonly target?: string;
  /** Who asked; the first client unless told. */
  readonly as?: ClientCertificate;
}

/** Its last request is one of its operation, and succeeds. */
export type Step = (bench: Workbench) => Promise<Outcome>;

/** Operations that clients ask for. */
export type AskedOperation = Exclude<OperationName, 'Notify' | 'Put'>;

const KEY_VALUE = { keyMaterial: DATA, attributes: [] };
const CBC = { blockCipherMode: 'CBC', paddingMethod: 'PKCS5' } as const;
const X_509 = withAttributes(attribute('CertificateType', 'X_509'));

/** An operation on a new key that answers with its identifier. */
const onNewKey =
  (
    operation: 'Activate' | 'Archive' | 'Destroy' | 'Export' | 'GetAttributeList' | 'ObtainLease',
  ): Step =>
  async (bench) => {
    const uniqueIdentifier = await aKey(bench);
    const answer = await bench.client.request(operation, { uniqueIdentifier });
    expect(answer.uniqueIdentifier).toBe(uniqueIdentifier);
    return { target: uniqueIdentifier };
  };

/** Steps whose names are those of Query. */
export const STEPS: Readonly<Record<AskedOperation, Step>> = {
  Activate: onNewKey('Activate'),
  Archive: onNewKey('Archive'),
  Destroy: onNewKey('Destroy'),
  Export: onNewKey('Export'),
  GetAttributeList: onNewKey('GetAttributeList'),
  ObtainLease: onNewKey('ObtainLease'),

  async AddAttribute(bench) {
    const uniqueIdentifier = await aKey(bench);
    await bench.client.request('AddAttribute', { uniqueIdentifier, attribute: aName('added') });
    return { target: uniqueIdentifier };
  },

  async AdjustAttribute(bench) {
    const uniqueIdentifier = await aKey(bench, attribute('Extractable', true));
    await bench.client.request('AdjustAttribute', {
      uniqueIdentifier,
      attributeReference: { kind: 'standard', name: 'Extractable' },
      adjustmentType: 'Negate',
    });
    return { target: uniqueIdentifier };
  },

  async Cancel(bench) {
    const asynchronousCorrelationValue = await aWaitingRequest(bench);
    const answer = await bench.client.request('Cancel', { asynchronousCorrelationValue });
    expect(answer.cancellationResult).toBe('Canceled');
    return {};
  },

  async Certify(bench) {
    const { publicKey } = await aPair(bench);
    const made = await bench.client.request('Certify', {
      uniqueIdentifier: publicKey,
      attributes: X_509,
    });
    return { target: String(made.uniqueIdentifier) };
  },

  async Check(bench) {
    const uniqueIdentifier = await aKey(bench, LIMITS);
    const answer = await bench.client.request('Check', { uniqueIdentifier, usageLimitsCount: 1n });
    expect(answer.usageLimitsCount).toBeUndefined();
    return { target: uniqueIdentifier };
  },

  async Create(bench) {
    return { target: await aKey(bench) };
  },

  async CreateKeyPair(bench) {
    return { target: (await aPair(bench)).privateKey };
  },

  async CreateSplitKey(bench) {
    const made = await parts(bench);
    expect(new Set(made).size).toBe(3);
    return { target: String(made[0]) };
  },

  async Decrypt(bench) {
    const uniqueIdentifier = await aKey(bench, ACTIVE);
    const with16Bytes = { cryptographicParameters: CBC, ivCounterNonce: DATA };
    const encrypted = await bench.client.request('Encrypt', {
      uniqueIdentifier,
      ...with16Bytes,
      data: DATA,
    });
    const decrypted = await bench.client.request('Decrypt', {
      uniqueIdentifier,
      ...with16Bytes,
      data: encrypted.data,
    });
    expect(decrypted.data).toEqual(DATA);
    return { target: uniqueIdentifier };
  },

  async DelegatedLogin({ client }) {
    const rights = { right: [{ operations: { operation: ['Get'] as const } }] };
    const { ticket } = await client.request('DelegatedLogin', { usageLimits: undefined, rights });
    expect(ticket.ticketValue.length).toBeGreaterThan(0);
    return {};
  },

  async DeleteAttribute(bench) {
    const uniqueIdentifier = await aKey(bench, aName('to be deleted'));
    await bench.client.request('DeleteAttribute', {
      uniqueIdentifier,
      currentAttribute: aName('to be deleted'),
      attributeReference: undefined,
      attributeIndex: undefined,
    });
    return { target: uniqueIdentifier };
  },

  async DeriveKey(bench) {
    const made = await bench.client.request('DeriveKey', {
      objectType: 'SymmetricKey',
      uniqueIdentifier: [await registered(bench, 'derivation secret')],
      derivationMethod: 'HASH',
      derivationParameters: {
        derivationData: [],
        cryptographicParameters: { hashingAlgorithm: 'SHA_256' },
      },
      attributes: withAttributes(...AES_128),
    });
    return { target: String(made.uniqueIdentifier) };
  },

  async DiscoverVersions({ client }) {
    const { protocolVersion } = await client.request('DiscoverVersions', { protocolVersion: [] });
    expect(protocolVersion[0]).toEqual({ protocolVersionMajor: 2, protocolVersionMinor: 1 });
    return {};
  },

  async Encrypt(bench) {
    const uniqueIdentifier = await aKey(bench, ACTIVE);
    const { data, ivCounterNonce } = await bench.client.request('Encrypt', {
      uniqueIdentifier,
      cryptographicParameters: { ...CBC, randomIV: true },
      data: DATA,
    });
    expect([data?.length, ivCounterNonce?.length]).toEqual([32, 16]);
    return { target: uniqueIdentifier };
  },

  async Get(bench) {
    const uniqueIdentifier = await aKey(bench);
    const { symmetricKey } = await bench.client.request('Get', { uniqueIdentifier });
    expect(symmetricKey?.keyBlock.cryptographicLength).toBe(128);
    return { target: uniqueIdentifier };
  },

  async GetAttributes(bench) {
    const uniqueIdentifier = await aKey(bench, aName('looked at'));
    const { attributes } = await bench.client.request('GetAttributes', {
      uniqueIdentifier,
      attributeReferences: [],
    });
    expect(attributes).toContainEqual(aName('looked at'));
    return { target: uniqueIdentifier };
  },

  async GetConstraints({ client }) {
    const { constraints } = await client.request('GetConstraints', {});
    expect(constraints.constraint).toEqual([]);
    return {};
  },

  async GetUsageAllocation(bench) {
    const uniqueIdentifier = await aKey(bench, LIMITS, ACTIVE);
    await bench.client.request('GetUsageAllocation', { uniqueIdentifier, usageLimitsCount: 10n });
    return { target: uniqueIdentifier };
  },

  async Hash({ client }) {
    const { data } = await client.request('Hash', {
      cryptographicParameters: { hashingAlgorithm: 'SHA_256' },
      data: DATA,
    });
    expect(data).toEqual(new Uint8Array(createHash('sha256').update(DATA).digest()));
    return {};
  },

  async Import({ client }) {
    const { uniqueIdentifier } = await client.request('Import', {
      uniqueIdentifier: 'its name elsewhere',
      objectType: 'SymmetricKey',
      attributes: [attribute('CryptographicUsageMask', 12)],
      symmetricKey: {
        keyBlock: {
          keyFormatType: 'Raw',
          keyValue: KEY_VALUE,
          cryptographicAlgorithm: 'AES',
          cryptographicLength: 128,
        },
      },
    });
    return { target: String(uniqueIdentifier) };
  },

  async Interop({ client }) {
    await client.request('Interop', { interopFunction: 'Begin', interopIdentifier: 'a suite' });
    return {};
  },

  async JoinSplitKey(bench) {
    const made = await bench.client.request('JoinSplitKey', {
      objectType: 'SymmetricKey',
      uniqueIdentifier: (await parts(bench)).slice(1),
      attributes: withAttributes(...AES_128),
    });
    return { target: String(made.uniqueIdentifier) };
  },

  async Locate(bench) {
    const id = await aKey(bench, aName('sought'));
    const found = await bench.client.request('Locate', { attributes: [aName('sought')] });
    expect(found.uniqueIdentifier).toEqual([id]);
    return {};
  },

  async Log({ client }) {
    await client.request('Log', { logMessage: 'the nightly backup has begun' });
    return {};
  },

  async Login({ client }) {
    const { ticket } = await client.request('Login', { usageLimits: undefined });
    expect(ticket.ticketValue.length).toBeGreaterThan(0);
    return {};
  },

  async Logout({ client }) {
    const { ticket } = await client.request('Login', { usageLimits: undefined });
    await client.request('Logout', { ticket });
    return {};
  },

  async MAC(bench) {
    const uniqueIdentifier = await registered(bench, 'HMAC key');
    const { macData } = await bench.client.request('MAC', { uniqueIdentifier, data: DATA });
    expect(macData).toEqual(new Uint8Array(createHmac('sha256', DATA).update(DATA).digest()));
    return { target: uniqueIdentifier };
  },

  async MACVerify(bench) {
    const uniqueIdentifier = await registered(bench, 'HMAC key');
    const macData = new Uint8Array(createHmac('sha256', DATA).update(DATA).digest());
    const { validityIndicator } = await bench.client.request('MACVerify', {
      uniqueIdentifier,
      data: DATA,
      macData,
    });
    expect(validityIndicator).toBe('Valid');
    return { target: uniqueIdentifier };
  },

  async ModifyAttribute(bench) {
    const uniqueIdentifier = await aKey(bench, aName('before'));
    await bench.client.request('ModifyAttribute', {
      uniqueIdentifier,
      currentAttribute: aName('before'),
      attribute: aName('after'),
    });
    return { target: uniqueIdentifier };
  },

  async PKCS_11({ client }) {
    const answer = await client.request('PKCS_11', { pkcs11Function: 'C_Initialize' });
    expect(answer.pkcs11ReturnCode).toBe('OK');
    return {};
  },

  async Ping({ client }) {
    await client.request('Ping', {});
    return {};
  },

  async Poll(bench) {
    const asynchronousCorrelationValue = await aWaitingRequest(bench);
    const answer = await bench.client.request('Poll', { asynchronousCorrelationValue });
    expect(answer).toMatchObject({ kind: 'answered', operation: 'Create' });
    return {};
  },

  async Process(bench) {
    const asynchronousCorrelationValue = await aWaitingRequest(bench);
    await bench.client.request('Process', { asynchronousCorrelationValue });
    return {};
  },

  async Query({ client }) {
    const { serverInformation, vendorIdentification } = await client.request('Query', {
      queryFunction: ['QueryServerInformation'],
    });
    expect([vendorIdentification, serverInformation]).not.toContain(undefined);
    return {};
  },

  async QueryAsynchronousRequests(bench) {
    const value = await aWaitingRequest(bench);
    const answer = await bench.client.request('QueryAsynchronousRequests', {});
    const values = answer.asynchronousRequest.map((each) => each.asynchronousCorrelationValue);
    expect(values).toContainEqual(value);
    return {};
  },

  async RNGRetrieve({ client }) {
    const { data } = await client.request('RNGRetrieve', { dataLength: 24 });
    expect(data).toHaveLength(24);
    return {};
  },

  async RNGSeed({ client }) {
    const { dataLength } = await client.request('RNGSeed', { data: DATA });
    expect(dataLength).toBeGreaterThanOrEqual(0);
    return {};
  },

  async ReCertify(bench) {
    const uniqueIdentifier = await aCertificate(bench);
    const made = await bench.client.request('ReCertify', { uniqueIdentifier });
    expect(made.uniqueIdentifier).not.toBe(uniqueIdentifier);
    return { target: String(made.uniqueIdentifier) };
  },

  async ReKey(bench) {
    const uniqueIdentifier = await aKey(bench);
    const made = await bench.client.request('ReKey', { uniqueIdentifier });
    expect(made.uniqueIdentifier).not.toBe(uniqueIdentifier);
    return { target: String(made.uniqueIdentifier) };
  },

  async ReKeyKeyPair(bench) {
    const { privateKey } = await aPair(bench);
    const made = await bench.client.request('ReKeyKeyPair', {
      privateKeyUniqueIdentifier: privateKey,
      commonAttributes: undefined,
      privateKeyAttributes: undefined,
      publicKeyAttributes: undefined,
    });
    expect(made.privateKeyUniqueIdentifier).not.toBe(privateKey);
    return { target: String(made.privateKeyUniqueIdentifier) };
  },

  async ReProvision({ other }) {
    const { certificate } = await createSelfSignedCertificate(
      {
        profile: {
          subject: { commonName: 'the next' },
          key: { algorithm: 'EC', curve: 'P-256' },
          validityDays: 30,
          keyUsage: ['digitalSignature'],
          extendedKeyUsage: [],
        },
      },
      { now: Date.now },
    );
    const { uniqueIdentifier } = await other.client.request('ReProvision', {
      certificate: { certificateType: 'X_509', certificateValue: certificate.der },
    });
    return { target: String(uniqueIdentifier), as: other.certificate };
  },

  async Recover(bench) {
    const uniqueIdentifier = await aKey(bench);
    await bench.client.request('Archive', { uniqueIdentifier });
    await bench.client.request('Recover', { uniqueIdentifier });
    return { target: uniqueIdentifier };
  },

  async Register(bench) {
    return { target: await registered(bench, 'HMAC key') };
  },

  async Revoke(bench) {
    const uniqueIdentifier = await aKey(bench, ACTIVE);
    await bench.client.revoke(uniqueIdentifier, { reason: 'CessationOfOperation' });
    return { target: uniqueIdentifier };
  },

  async SetAttribute(bench) {
    const uniqueIdentifier = await aKey(bench);
    await bench.client.request('SetAttribute', {
      uniqueIdentifier,
      attribute: attribute('ContactInformation', 'the night shift'),
    });
    return { target: uniqueIdentifier };
  },

  async SetConstraints({ client }) {
    await client.request('SetConstraints', { constraints: undefined });
    return {};
  },

  async SetDefaults({ client }) {
    await client.request('SetDefaults', { defaultsInformation: undefined });
    return {};
  },

  async SetEndpointRole({ client }) {
    const { endpointRole } = await client.request('SetEndpointRole', { endpointRole: 'Server' });
    expect(endpointRole).toBe('Server');
    return {};
  },

  async Sign(bench) {
    const { privateKey } = await aPair(bench);
    const { signatureData } = await bench.client.request('Sign', {
      uniqueIdentifier: privateKey,
      cryptographicParameters: SIGNATURE,
      data: DATA,
    });
    expect(signatureData?.length).toBeGreaterThan(0);
    return { target: privateKey };
  },

  async SignatureVerify(bench) {
    const { privateKey, publicKey } = await aPair(bench);
    const signed = { cryptographicParameters: SIGNATURE, data: DATA };
    const { signatureData } = await bench.client.request('Sign', {
      uniqueIdentifier: privateKey,
      ...signed,
    });
    const { validityIndicator } = await bench.client.request('SignatureVerify', {
      uniqueIdentifier: publicKey,
      ...signed,
      signatureData,
    });
    expect(validityIndicator).toBe('Valid');
    return { target: publicKey };
  },

  async Validate(bench) {
    const id = await aCertificate(bench);
    const { validityIndicator } = await bench.client.request('Validate', {
      certificate: [],
      uniqueIdentifier: [id],
    });
    expect(validityIndicator).toBe('Valid');
    return {};
  },
};
