import {
  ENUMERATION_VALUE_VERSIONS,
  ENUMERATIONS,
  isWithin,
  OPERATIONS,
  protocolVersionOf,
  type QueryFunction,
  VERSIONS,
  type VersionRange,
} from '@claviger/kmip-protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { PROTECTION_STORAGE_MASK } from '../objects/protection-storage.ts';
import { ERROR_ROWS } from './error-rows/index.fixtures.ts';
import { WITHOUT_ROWS } from './error-rows/not-given.fixtures.ts';
import { HANDLED_OPERATIONS, handlerOf } from './index.ts';

let rig: MessageRig;
beforeAll(async () => {
  rig = await startMessageRig();
});

const ask = (...queryFunction: readonly QueryFunction[]): RequestedItem => ({
  operation: 'Query',
  payload: { queryFunction },
});

describe('Query', () => {
  it('lists what the dispatcher has a handler for, and what the table of errors is about', async () => {
    const [answer] = await rig.send('2.1', [ask('QueryOperations')]);
    const { operation } = successOf('Query', answer);
    for (const name of operation) expect(handlerOf(name)?.schema.name).toBe(name);
    const tested = new Set([...ERROR_ROWS.map((row) => row.operation), ...WITHOUT_ROWS]);
    expect(operation.toSorted()).toEqual([...tested].toSorted());
  });

  it.each(VERSIONS)('%s: lists the operations that the version has', async (version) => {
    const [answer] = await rig.send(version, [ask('QueryOperations')]);
    const { operation } = successOf('Query', answer);
    expect(operation).toEqual(
      HANDLED_OPERATIONS.filter((name) => isWithin(version, OPERATIONS[name])),
    );
    expect(operation.includes('DiscoverVersions')).toBe(version !== '1.0');
  });

  const functions = Object.keys(ENUMERATIONS.QueryFunction.values) as QueryFunction[];
  it.each(functions)('answers %s in the versions that have it', async (name) => {
    const versions: Readonly<Record<string, VersionRange | undefined>> =
      ENUMERATION_VALUE_VERSIONS.QueryFunction ?? {};
    for (const version of VERSIONS.filter((each) => isWithin(each, versions[name]))) {
      const [answer] = await rig.send(version, [ask(name)]);
      expect([version, answer?.resultStatus]).toEqual([version, 'Success']);
    }
  });

  it('answers several questions at once', async () => {
    const [answer] = await rig.send('2.1', [
      ask('QueryObjects', 'QueryServerInformation', 'QueryStorageProtectionMasks'),
    ]);
    expect(successOf('Query', answer)).toMatchObject({
      operation: [],
      objectType: [
        'Certificate',
        'CertificateRequest',
        'OpaqueObject',
        'PGPKey',
        'PrivateKey',
        'PublicKey',
        'SecretData',
        'SplitKey',
        'SymmetricKey',
      ],
      vendorIdentification: 'Claviger',
      serverInformation: { productName: 'Claviger', serverVersion: '0.1.0' },
      protectionStorageMasks: { protectionStorageMask: [PROTECTION_STORAGE_MASK] },
    });
  });

  it('tells of capabilities what the operations say', async () => {
    const [answer] = await rig.send('2.1', [ask('QueryCapabilities', 'QueryOperations')]);
    const { capabilityInformation, operation } = successOf('Query', answer);
    expect(capabilityInformation).toEqual([
      {
        streamingCapability: true,
        asynchronousCapability: operation.includes('Poll'),
        attestationCapability: false,
        batchUndoCapability: true,
        batchContinueCapability: true,
        unwrapMode: 'NotProcessed',
        destroyAction: 'KeyMaterialDeleted',
        shreddingAlgorithm: 'Unsupported',
        rngMode: 'Unspecified',
        quantumSafeCapability: true,
      },
    ]);
  });

  it('claims no validation, no attestation and no extension, and one way to register', async () => {
    const [answer] = await rig.send('1.4', [
      ask(
        'QueryValidations',
        'QueryAttestationTypes',
        'QueryExtensionList',
        'QueryExtensionMap',
        'QueryClientRegistrationMethods',
        'QueryRNGs',
      ),
    ]);
    expect(successOf('Query', answer)).toMatchObject({
      validationInformation: [],
      attestationType: [],
      extensionInformation: [],
      clientRegistrationMethod: ['ClientRegistered'],
      rngParameters: [{ rngAlgorithm: 'Unspecified' }],
    });
  });

  it.each([
    ['1.3', 'BaselineServerBasicKMIPV1_3', 'BaselineServerBasicKMIPV1_4'],
    ['1.4', 'BaselineServerBasicKMIPV1_4', 'BaselineServer'],
    ['2.1', 'BaselineServer', 'BaselineServerBasicKMIPV1_4'],
  ] as const)('%s: names profiles as the version does', async (version, named, unnamed) => {
    const [answer] = await rig.send(version, [ask('QueryProfiles')]);
    const names = successOf('Query', answer).profileInformation.map((each) => each.profileName);
    expect(names).toContain(named);
    expect(names).not.toContain(unnamed);
    expect(names.filter((name) => /Client|Complete|SuiteB/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('refuses a question that it does not know', async () => {
    expect(await rig.send('1.4', [ask('0x80000001')])).toMatchObject([
      { resultReason: 'InvalidField' },
    ]);
  });
});

describe('Discover Versions', () => {
  const discover = async (...versions: readonly { major: number; minor: number }[]) => {
    const protocolVersion = versions.map(({ major, minor }) => ({
      protocolVersionMajor: major,
      protocolVersionMinor: minor,
    }));
    const [answer] = await rig.send('1.4', [
      { operation: 'DiscoverVersions', payload: { protocolVersion } },
    ]);
    return successOf('DiscoverVersions', answer).protocolVersion;
  };

  it('lists all versions, the newest first', async () => {
    expect(await discover()).toEqual(VERSIONS.toReversed().map(protocolVersionOf));
  });

  it('lists those of the client that it speaks, in its own order', async () => {
    const asked = [
      { major: 1, minor: 1 },
      { major: 9, minor: 9 },
      { major: 2, minor: 0 },
      { major: 1, minor: 1 },
    ];
    expect(await discover(...asked)).toEqual([protocolVersionOf('2.0'), protocolVersionOf('1.1')]);
  });

  it('lists nothing when there is none in common', async () => {
    expect(await discover({ major: 3, minor: 0 })).toEqual([]);
  });
});
