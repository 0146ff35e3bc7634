/** Request messages, encoded once, before anything is measured. */

import {
  attribute,
  type DescribedOperation,
  encodeItem,
  MASKS,
  OPERATION_SCHEMAS,
  protocolVersionOf,
  RequestMessage,
  type RequestOf,
  TAGS,
  type Version,
} from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';

/** What vCenter speaks; PyKMIP knows it as well. */
const VCENTER_VERSION: Version = '1.1';
/** Offset Items of Locate needs it. */
const LOCATE_VERSION: Version = '1.4';

export type LocateBy = 'name' | 'custom-attribute' | 'state' | 'page';

/** Where a page of a paged Locate begins, and how long one is. */
export const PAGE = { offset: 64, items: 64 } as const;

/** The captured Create of a vCenter 7: 312 bytes, KMIP 1.1, AES-256 for Encrypt and Decrypt. */
export function createRequest(): Uint8Array {
  const { Encrypt, Decrypt } = MASKS.CryptographicUsageMask.bits;
  const create = step('Create', {
    objectType: 'SymmetricKey',
    attributes: {
      attributes: [
        attribute('CryptographicAlgorithm', 'AES'),
        attribute('CryptographicUsageMask', Encrypt | Decrypt),
        attribute('CryptographicLength', 256),
      ],
      templateNames: [],
    },
  });
  return message([create]);
}

export function getRequest(uniqueIdentifier: string): Uint8Array {
  return message([step('Get', { uniqueIdentifier })]);
}

/** Discover Versions without a version asked for: what vCenter opens each connection with. */
export function discoverVersionsRequest(): Uint8Array {
  return message([step('DiscoverVersions', { protocolVersion: [] })]);
}

/** The State alone, which vCenter asks for before it uses a key. */
export function getStateRequest(uniqueIdentifier: string): Uint8Array {
  const attributeReferences = [{ kind: 'standard', name: 'State' }] as const;
  return message([step('GetAttributes', { uniqueIdentifier, attributeReferences })]);
}

export function activateRequest(uniqueIdentifier: string): Uint8Array {
  return message([step('Activate', { uniqueIdentifier })]);
}

export function revokeRequest(uniqueIdentifier: string): Uint8Array {
  const revocationReason = { revocationReasonCode: 'CessationOfOperation' } as const;
  return message([step('Revoke', { uniqueIdentifier, revocationReason })]);
}

export function destroyRequest(uniqueIdentifier: string): Uint8Array {
  return message([step('Destroy', { uniqueIdentifier })]);
}

/** The batch by which vCenter labels a new key: one Add Attribute for each name. */
export function addAttributesRequest(
  uniqueIdentifier: string,
  names: readonly string[],
  text: string,
): Uint8Array {
  return message(
    names.map((name) =>
      step('AddAttribute', { uniqueIdentifier, attribute: customAttribute(name, text) }),
    ),
  );
}

/** A Create with a Name, a custom attribute of that text, and a state to begin in: for seeding. */
export function namedCreateRequest(name: string, isActive: boolean): Uint8Array {
  const { Encrypt, Decrypt } = MASKS.CryptographicUsageMask.bits;
  const create = step('Create', {
    objectType: 'SymmetricKey',
    attributes: {
      attributes: [
        attribute('CryptographicAlgorithm', 'AES'),
        attribute('CryptographicLength', 256),
        attribute('CryptographicUsageMask', Encrypt | Decrypt),
        attribute('Name', { nameValue: name, nameType: 'UninterpretedTextString' }),
        customAttribute(SEARCHED_ATTRIBUTE, name),
        ...(isActive ? [attribute('ActivationDate', 1)] : []),
      ],
      templateNames: [],
    },
  });
  return message([create]);
}

const SEARCHED_ATTRIBUTE = 'Identifier';

/** @param name - The Name, or the text of the custom attribute, to look for. */
export function locateRequest(by: LocateBy, name: string): Uint8Array {
  const searched = {
    name: [attribute('Name', { nameValue: name, nameType: 'UninterpretedTextString' } as const)],
    'custom-attribute': [customAttribute(SEARCHED_ATTRIBUTE, name)],
    state: [attribute('State', 'Active')],
    page: [attribute('ObjectType', 'SymmetricKey')],
  } as const;
  const locate = step(
    'Locate',
    {
      attributes: [...searched[by]],
      ...(by === 'page' && { offsetItems: PAGE.offset }),
      ...((by === 'page' || by === 'state') && { maximumItems: PAGE.items }),
    },
    LOCATE_VERSION,
  );
  return message([locate], LOCATE_VERSION);
}

interface Step {
  readonly operation: DescribedOperation;
  readonly requestPayload: TtlvItem;
}

function step<N extends DescribedOperation>(
  operation: N,
  payload: RequestOf<(typeof OPERATION_SCHEMAS)[N]>,
  version = VCENTER_VERSION,
): Step {
  return {
    operation,
    requestPayload: encodeItem(OPERATION_SCHEMAS[operation].request, payload, version),
  };
}

function customAttribute(name: string, text: string) {
  const value = { tag: TAGS.AttributeValue, type: 'TextString', value: text } as const;
  return { kind: 'vendor', vendorIdentification: 'x', name, index: 0, value } as const;
}

/** Items are numbered as vCenter numbers them: `QLKC` and a little-endian number from 1. */
function message(steps: readonly Step[], version: Version = VCENTER_VERSION): Uint8Array {
  const batchItem = steps.map((one, position) => ({
    ...one,
    uniqueBatchItemID: Uint8Array.of(81, 76, 75, 67, position + 1, 0, 0, 0),
    messageExtension: [],
  }));
  const requestHeader = {
    protocolVersion: protocolVersionOf(version),
    attestationType: [],
    batchCount: steps.length,
  };
  return encodeTtlv(encodeItem(RequestMessage, { requestHeader, batchItem }, version));
}
