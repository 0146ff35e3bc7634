/** Query (1.4 §4.25, 2.1 §6.1.40). Everything it tells is true of this server, and in one place. */

import {
  ClavigerError,
  ENUMERATION_VALUE_VERSIONS,
  type EnumerationValueName,
  isNamedValue,
  isWithin,
  OPERATION_SCHEMAS,
  OPERATIONS,
  type ResponseOf,
  type VersionRange,
} from '@claviger/kmip-protocol';
import { PROTECTION_STORAGE_MASK } from '../objects/protection-storage.ts';
import { profilesOf } from '../query/profiles.ts';
import { handler, type OperationContext } from './operation-handler.ts';

type Answer = ResponseOf<typeof OPERATION_SCHEMAS.Query>;

const NOTHING: Answer = {
  operation: [],
  objectType: [],
  applicationNamespace: [],
  extensionInformation: [],
  attestationType: [],
  rngParameters: [],
  profileInformation: [],
  validationInformation: [],
  capabilityInformation: [],
  clientRegistrationMethod: [],
};

/** Every type can be registered; keys, key pairs, secrets and parts of keys are made as well. */
const OBJECT_TYPES = [
  'Certificate',
  'CertificateRequest',
  'OpaqueObject',
  'PGPKey',
  'PrivateKey',
  'PublicKey',
  'SecretData',
  'SplitKey',
  'SymmetricKey',
  'Template',
] as const satisfies readonly EnumerationValueName<'ObjectType'>[];

const VERSIONS_OF_TYPES: Readonly<Record<string, VersionRange | undefined>> =
  ENUMERATION_VALUE_VERSIONS.ObjectType ?? {};

type Told = Partial<Answer> | Promise<Partial<Answer>>;

const ANSWERS: Readonly<
  Record<
    EnumerationValueName<'QueryFunction'>,
    (context: OperationContext, objectGroups: readonly string[] | undefined) => Told
  >
> = {
  QueryOperations: ({ operations, version }) => ({
    operation: operations.filter((name) => isWithin(version, OPERATIONS[name])),
  }),
  QueryObjects: ({ version }) => ({
    objectType: OBJECT_TYPES.filter((type) => isWithin(version, VERSIONS_OF_TYPES[type])),
  }),
  QueryServerInformation: ({ serverInformation }) => ({
    vendorIdentification: serverInformation.vendorIdentification,
    serverInformation: {
      productName: serverInformation.productName,
      serverVersion: serverInformation.serverVersion,
      alternateFailoverEndpoints: [],
    },
  }),
  QueryApplicationNamespaces: () => ({}),
  QueryExtensionList: () => ({}),
  QueryExtensionMap: () => ({}),
  QueryAttestationTypes: () => ({}),
  QueryRNGs: () => ({ rngParameters: [{ rngAlgorithm: 'Unspecified' }] }),
  // Of OpenSSL, which computes here, others may be validated; no validation is of this server.
  QueryValidations: () => ({}),
  QueryProfiles: ({ version, operations }) => ({
    profileInformation: [...profilesOf(version, operations)],
  }),
  QueryCapabilities: ({ operations }) => ({
    capabilityInformation: [
      {
        streamingCapability: true,
        asynchronousCapability: operations.includes('Poll'),
        // No attestation is ever verified.
        attestationCapability: false,
        batchUndoCapability: true,
        batchContinueCapability: true,
        // What comes wrapped is kept as it is.
        unwrapMode: 'NotProcessed',
        destroyAction: 'KeyMaterialDeleted',
        shreddingAlgorithm: 'Unsupported',
        rngMode: 'Unspecified',
        quantumSafeCapability: true,
      },
    ],
  }),
  // Whoever looks after the server registers the certificate that the client has made.
  QueryClientRegistrationMethods: () => ({ clientRegistrationMethod: ['ClientRegistered'] }),
  QueryDefaultsInformation: async (context, objectGroups) => {
    const { objectDefaults } = (await context.rules()).defaults;
    const told = objectDefaults.filter(
      (each) =>
        objectGroups === undefined ||
        each.objectGroups === undefined ||
        each.objectGroups.objectGroup.some((name) => objectGroups.includes(name)),
    );
    return told.length === 0 ? {} : { defaultsInformation: { objectDefaults: told } };
  },
  QueryStorageProtectionMasks: () => ({
    protectionStorageMasks: { protectionStorageMask: [PROTECTION_STORAGE_MASK] },
  }),
};

export const query = handler<'Query'>(OPERATION_SCHEMAS.Query, async (context, request) => {
  if (request.queryFunction.length === 0) {
    throw new ClavigerError('invalid-message', 'a Query needs at least one Query Function');
  }
  const answers = request.queryFunction.map((asked) => {
    if (!isNamedValue(asked)) {
      throw new ClavigerError('invalid-field', `the Query Function ${asked} is not known`);
    }
    const answer = ANSWERS[asked as keyof typeof ANSWERS]; // not 0x, so a name of the table
    return answer(context, request.objectGroups?.objectGroup);
  });
  return { response: Object.assign({}, NOTHING, ...(await Promise.all(answers))), audit: {} };
});
