/** Items of requests for tests. */

import { type Attribute, attribute } from '@claviger/kmip-protocol';
import type { RequestedItem } from './messages.fixtures.ts';
import { aName } from './objects/managed-object.fixtures.ts';

/** An identifier that no object has. */
export const NOBODY = '99999999-0000-4000-8000-000000000000';

/** Create of an AES key of 256 bits. */
export function create(...attributes: readonly Attribute[]): RequestedItem {
  return createOf([
    attribute('CryptographicAlgorithm', 'AES'),
    attribute('CryptographicLength', 256),
    attribute('CryptographicUsageMask', 12),
    ...attributes,
  ]);
}

/** Create with exactly these attributes. */
export function createOf(attributes: readonly Attribute[]): RequestedItem {
  return {
    operation: 'Create',
    payload: { objectType: 'SymmetricKey', attributes: { attributes, templateNames: [] } },
  };
}

/** Create of a key with Names. */
export function createNamed(...names: readonly string[]): RequestedItem {
  return create(...names.map((name, index) => aName(name, index)));
}

/** Without an identifier, of the ID Placeholder; so are the others. */
export function get(uniqueIdentifier?: string): RequestedItem {
  return { operation: 'Get', payload: { uniqueIdentifier } };
}

export function getAttributes(uniqueIdentifier?: string): RequestedItem {
  return { operation: 'GetAttributes', payload: { uniqueIdentifier, attributeReferences: [] } };
}

export function activate(uniqueIdentifier?: string): RequestedItem {
  return { operation: 'Activate', payload: { uniqueIdentifier } };
}

export function destroy(uniqueIdentifier?: string): RequestedItem {
  return { operation: 'Destroy', payload: { uniqueIdentifier } };
}

export function addAttribute(added: Attribute, uniqueIdentifier?: string): RequestedItem {
  return { operation: 'AddAttribute', payload: { uniqueIdentifier, attribute: added } };
}

export function locate(...attributes: readonly Attribute[]): RequestedItem {
  return { operation: 'Locate', payload: { attributes } };
}

export const QUERY: RequestedItem = {
  operation: 'Query',
  payload: { queryFunction: ['QueryOperations'] },
};

export const DISCOVER_VERSIONS: RequestedItem = {
  operation: 'DiscoverVersions',
  payload: { protocolVersion: [] },
};
