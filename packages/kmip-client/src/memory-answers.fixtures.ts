/** A key server's memory: what the test server answers when the test wants ordinary answers. */

import {
  type Attribute,
  attribute,
  isReferredTo,
  protocolVersionOf,
  type ResponseBatchItem,
  VERSIONS,
} from '@claviger/kmip-protocol';
import type { BatchRequest } from './payloads.ts';
import { aFailure, aResponse, aSuccess } from './response.fixtures.ts';
import type { ReceivedRequest } from './server.fixtures.ts';

/** What every key of the memory consists of. */
export const KEY_BYTES = Uint8Array.from({ length: 32 }, (_, index) => index);

/** Answers each request from objects that it keeps. */
export function createMemoryAnswers(): (request: ReceivedRequest) => Uint8Array {
  const objects = new Map<string, Attribute[]>();
  return ({ version, items }) =>
    aResponse(
      version,
      items.map((item) => ({
        ...answerTo(item, version, objects),
        operation: item.operation,
        uniqueBatchItemID: item.id,
      })),
    );
}

function answerTo(
  item: BatchRequest,
  version: ReceivedRequest['version'],
  objects: Map<string, Attribute[]>,
): ResponseBatchItem {
  if (item.operation === 'Create') {
    const uniqueIdentifier = `key-${objects.size + 1}`;
    const state = attribute('State', 'PreActive');
    objects.set(uniqueIdentifier, [...item.payload.attributes.attributes, state]);
    return aSuccess(version, 'Create', { objectType: 'SymmetricKey', uniqueIdentifier });
  }
  if (item.operation === 'DiscoverVersions') {
    return aSuccess(version, 'DiscoverVersions', {
      protocolVersion: [...VERSIONS].reverse().map(protocolVersionOf),
    });
  }
  if (item.operation === 'Locate') {
    return aSuccess(version, 'Locate', { uniqueIdentifier: [...objects.keys()] });
  }
  if (item.operation === 'Query') return aQueryAnswer(version);
  const uniqueIdentifier = 'uniqueIdentifier' in item.payload ? item.payload.uniqueIdentifier : '';
  const attributes = objects.get(String(uniqueIdentifier));
  if (typeof uniqueIdentifier !== 'string' || attributes === undefined) return aFailure();
  switch (item.operation) {
    case 'Activate':
    case 'Revoke':
      return aSuccess(version, item.operation, { uniqueIdentifier });
    case 'Destroy':
      objects.delete(uniqueIdentifier);
      return aSuccess(version, 'Destroy', { uniqueIdentifier });
    case 'AddAttribute':
      attributes.push(item.payload.attribute);
      return aSuccess(version, 'AddAttribute', {
        uniqueIdentifier,
        attribute: item.payload.attribute,
      });
    case 'GetAttributeList':
      return aSuccess(version, 'GetAttributeList', {
        uniqueIdentifier,
        attributeReferences: attributes,
      });
    case 'GetAttributes': {
      const wanted = item.payload.attributeReferences;
      const isWanted = (candidate: Attribute) =>
        wanted.some((reference) => reference !== undefined && isReferredTo(candidate, reference));
      return aSuccess(version, 'GetAttributes', {
        uniqueIdentifier,
        attributes: wanted.length === 0 ? attributes : attributes.filter(isWanted),
      });
    }
    default:
      return aSuccess(version, 'Get', {
        objectType: 'SymmetricKey',
        uniqueIdentifier,
        symmetricKey: {
          keyBlock: {
            keyFormatType: 'Raw',
            keyValue: { keyMaterial: KEY_BYTES, attributes: [] },
            cryptographicAlgorithm: 'AES',
            cryptographicLength: 256,
          },
        },
      });
  }
}

function aQueryAnswer(version: ReceivedRequest['version']): ResponseBatchItem {
  return aSuccess(version, 'Query', {
    operation: ['Create', 'Get'],
    objectType: ['SymmetricKey'],
    vendorIdentification: 'Test',
    applicationNamespace: [],
    extensionInformation: [],
    attestationType: [],
    rngParameters: [],
    profileInformation: [],
    validationInformation: [],
    capabilityInformation: [],
    clientRegistrationMethod: [],
  });
}
