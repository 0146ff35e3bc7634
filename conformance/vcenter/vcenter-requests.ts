/**
 * The requests of a vCenter Server 7.0.3, byte for byte as it sends them. When it sends which stands in
 * `vcenter-scenarios.ts`.
 *
 * It speaks KMIP 1.1 and opens each connection with Discover Versions. Batch items are numbered from 1 in
 * every message, as `QLKC` and a 32-bit little-endian number, but for that first one.
 */

import {
  attribute,
  type DescribedOperation,
  encodeItem,
  type Infer,
  MASKS,
  OPERATION_SCHEMAS,
  protocolVersionOf,
  RequestMessage,
  TAGS,
} from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import type { VcenterLabel } from './vcenter-scenarios.ts';

const VERSION = '1.1';

/** What differs between two vCenters. */
export interface VcenterSettings {
  /** The identifiers that the server gave out: of the first key made, for the VM, and of the second, for its host. */
  readonly keyIds: readonly [vmKeyId: string, hostKeyId: string];
  /** x-Product_Version. */
  readonly productVersion: string;
  /** x-Vendor. */
  readonly vendor: string;
  /** x-Product. */
  readonly product: string;
  readonly vm: VcenterEntity;
  readonly host: VcenterEntity;
}

/** What a key is for: x-Identifier and x-Name. */
export interface VcenterEntity {
  readonly identifier: string;
  readonly name: string;
}

export interface VcenterRequest {
  readonly label: VcenterLabel;
  /** A whole request message. */
  readonly bytes: Uint8Array;
}

const DEFAULTS: VcenterSettings = {
  keyIds: ['1', '2'],
  productVersion: '7.0.3 build-19480866',
  vendor: 'VMware, Inc.',
  product: 'VMware vSphere',
  vm: { identifier: '4226f566-0000-4000-8000-000000000001', name: 'vm-1' },
  host: { identifier: '8c164d56-0000-4000-8000-000000000002', name: '192.0.2.10' },
};

/**
 * The 26 distinct requests, in the order of their first appearance.
 *
 * Create is the same whatever the identifiers: make both keys first, then build the rest with theirs.
 *
 * @param settings - Overrides of neutral defaults.
 */
export function vcenterRequests(settings: Partial<VcenterSettings> = {}): VcenterRequest[] {
  const { keyIds, productVersion, vendor, product, vm, host } = { ...DEFAULTS, ...settings };
  const [vmKey, hostKey] = keyIds;
  const productAttributes = { Product_Version: productVersion, Vendor: vendor, Product: product };
  const entityAttributes = (component: string, { identifier, name }: VcenterEntity) => ({
    Identifier: identifier,
    Component: component,
    Name: name,
  });
  return [
    {
      label: 'first Discover Versions',
      bytes: message([step('DiscoverVersions', { protocolVersion: [] })], 'unnumbered'),
    },
    {
      label: 'Discover Versions',
      bytes: message([step('DiscoverVersions', { protocolVersion: [] })]),
    },
    {
      label: 'Query',
      bytes: message([step('Query', { queryFunction: ['QueryServerInformation'] })]),
    },
    { label: 'Create', bytes: message([create()]) },
    ...getAndAdd('key 1', vmKey, productAttributes),
    ...use('key 2', hostKey),
    ...getAndAdd('key 2', hostKey, productAttributes),
    ...getAndAdd('key 2', hostKey, entityAttributes('ESXi Server', host)),
    ...use('key 1', vmKey),
    ...getAndAdd('key 1', vmKey, entityAttributes('Virtual Machine', vm)),
  ];
}

type KeyLabel = 'key 1' | 'key 2';
type CustomName = 'Product_Version' | 'Vendor' | 'Product' | 'Identifier' | 'Component' | 'Name';

/** One Get Attributes for each custom attribute, then one batch that adds them all. */
function getAndAdd(
  label: KeyLabel,
  uniqueIdentifier: string,
  attributes: Readonly<Partial<Record<CustomName, string>>>,
): VcenterRequest[] {
  // The keys of the object are those of its type.
  const names = Object.keys(attributes) as CustomName[];
  const gets = names.map(
    (name): VcenterRequest => ({
      label: `Get Attributes x-${name} of ${label}`,
      bytes: message([getCustom(uniqueIdentifier, name)]),
    }),
  );
  const additions = names.map((name) => addCustom(uniqueIdentifier, name, attributes[name] ?? ''));
  const kind = names.includes('Vendor') ? 'product' : 'entity';
  return [...gets, { label: `Add Attribute ${kind} of ${label}`, bytes: message(additions) }];
}

/** What vCenter does when it hands a key to a host: it activates the key if it is Pre-Active. */
function use(label: KeyLabel, uniqueIdentifier: string): VcenterRequest[] {
  const attributeReferences = [{ kind: 'standard', name: 'State' }] as const;
  const getState = step('GetAttributes', { uniqueIdentifier, attributeReferences });
  return [
    { label: `Get ${label}`, bytes: message([step('Get', { uniqueIdentifier })]) },
    { label: `Get Attributes State of ${label}`, bytes: message([getState]) },
    { label: `Activate ${label}`, bytes: message([step('Activate', { uniqueIdentifier })]) },
  ];
}

interface Step {
  readonly operation: DescribedOperation;
  readonly requestPayload: TtlvItem;
}

function step<N extends DescribedOperation>(
  operation: N,
  payload: Infer<(typeof OPERATION_SCHEMAS)[N]['request']>,
): Step {
  const { request } = OPERATION_SCHEMAS[operation];
  return { operation, requestPayload: encodeItem(request, payload, VERSION) };
}

const { Encrypt, Decrypt } = MASKS.CryptographicUsageMask.bits;

function create(): Step {
  return step('Create', {
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
}

function getCustom(uniqueIdentifier: string, name: CustomName): Step {
  return step('GetAttributes', {
    uniqueIdentifier,
    attributeReferences: [{ kind: 'vendor', vendorIdentification: 'x', name }],
  });
}

function addCustom(uniqueIdentifier: string, name: CustomName, text: string): Step {
  const value = { tag: TAGS.AttributeValue, type: 'TextString', value: text } as const;
  return step('AddAttribute', {
    uniqueIdentifier,
    attribute: { kind: 'vendor', vendorIdentification: 'x', name, index: 0, value },
  });
}

function message(
  steps: readonly Step[],
  numbering: 'numbered' | 'unnumbered' = 'numbered',
): Uint8Array {
  const batchItem = steps.map((step, position) => ({
    ...step,
    ...(numbering === 'numbered' && { uniqueBatchItemID: batchItemId(position + 1) }),
    messageExtension: [],
  }));
  const requestHeader = {
    protocolVersion: protocolVersionOf(VERSION),
    attestationType: [],
    batchCount: steps.length,
  };
  return encodeTtlv(encodeItem(RequestMessage, { requestHeader, batchItem }, VERSION));
}

function batchItemId(number: number): Uint8Array {
  const id = new Uint8Array(8);
  id.set(new TextEncoder().encode('QLKC'));
  new DataView(id.buffer).setUint32(4, number, true);
  return id;
}
