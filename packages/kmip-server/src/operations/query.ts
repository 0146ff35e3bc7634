/** Query (1.4 §4.25, 2.1 §6.1.40). Everything it tells is true of this server, and in one place. */

import {
  ClavigerError,
  type EnumerationValueName,
  isNamedValue,
  isWithin,
  OPERATION_SCHEMAS,
  OPERATIONS,
  type ResponseOf,
} from '@claviger/kmip-protocol';
import { PROTECTION_STORAGE_MASK } from '../objects/protection-storage.ts';
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

const ANSWERS: Readonly<
  Record<EnumerationValueName<'QueryFunction'>, (context: OperationContext) => Partial<Answer>>
> = {
  QueryOperations: ({ operations, version }) => ({
    operation: operations.filter((name) => isWithin(version, OPERATIONS[name])),
  }),
  QueryObjects: () => ({ objectType: ['SymmetricKey'] }),
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
  QueryValidations: () => ({}),
  QueryProfiles: () => ({}),
  QueryCapabilities: () => ({
    capabilityInformation: [
      {
        streamingCapability: false,
        asynchronousCapability: false,
        attestationCapability: false,
        batchUndoCapability: true,
        batchContinueCapability: true,
        destroyAction: 'KeyMaterialDeleted',
      },
    ],
  }),
  QueryClientRegistrationMethods: () => ({}),
  QueryDefaultsInformation: () => ({}),
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
    return ANSWERS[asked as keyof typeof ANSWERS](context); // not 0x, so a name of the table
  });
  return { response: Object.assign({}, NOTHING, ...answers), audit: {} };
});
