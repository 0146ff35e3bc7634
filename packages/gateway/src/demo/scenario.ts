/** What vCenter does with a standard key provider, step by step, and one client that is not let in. */
import { createPayload, getAttributesPayload, type KmipClient } from '@claviger/kmip-client';
import { type Attribute, TAGS } from '@claviger/kmip-protocol';

/** Who speaks in a step. */
export type Speaker = 'vcenter' | 'foreigner';

export interface Step {
  readonly title: string;
  /** Why vCenter does it, or what to look at. */
  readonly why: string;
  readonly speaker: Speaker;
  /** Whether the server is expected to say no. */
  readonly refused?: boolean;
  run(client: KmipClient, memory: Memory): Promise<void>;
}

/** What one step leaves for the next. */
export interface Memory {
  keyId: string;
}

export const SCENARIO: readonly Step[] = [
  {
    title: 'Add the key provider',
    why: 'Each connection of vCenter begins with this question; it then speaks what both sides know.',
    speaker: 'vcenter',
    async run(client) {
      await client.discoverVersions();
    },
  },
  {
    title: 'Encrypt a virtual machine: create its key',
    why: 'Claviger makes 256 bits, seals them under the key of the adapter, and only then answers.',
    speaker: 'vcenter',
    async run(client, memory) {
      const payload = createPayload({
        algorithm: 'AES',
        lengthBits: 256,
        usage: ['Encrypt', 'Decrypt'],
      });
      const { uniqueIdentifier } = await client.request('Create', payload);
      memory.keyId = String(uniqueIdentifier);
    },
  },
  {
    title: 'Say which product the key belongs to',
    why: 'Three Add Attribute in one message: one event each, joined by their correlation id.',
    speaker: 'vcenter',
    async run(client, { keyId }) {
      const add = (name: string, value: string) =>
        ({
          operation: 'AddAttribute',
          payload: { uniqueIdentifier: keyId, attribute: customAttribute(name, value) },
        }) as const;
      await client.batch([
        add('Product_Version', '7.0.3 build-19480866'),
        add('Vendor', 'VMware, Inc.'),
        add('Product', 'VMware vSphere'),
      ]);
    },
  },
  {
    title: 'Look at the state of the key',
    why: 'A new key is Pre-Active: it may not encrypt yet.',
    speaker: 'vcenter',
    async run(client, { keyId }) {
      await client.request('GetAttributes', getAttributesPayload(keyId, ['State']));
    },
  },
  {
    title: 'Activate it',
    why: 'From now on it may protect data. A change of state is recorded as a warning.',
    speaker: 'vcenter',
    async run(client, { keyId }) {
      await client.activate(keyId);
    },
  },
  {
    title: 'Fetch the key for the host',
    why: 'The event of the read is durable before the key leaves. Its bytes are in no log and no event.',
    speaker: 'vcenter',
    async run(client, { keyId }) {
      const { material } = await client.get(keyId);
      material?.fill(0);
    },
  },
  {
    title: 'Try to destroy it while it is in use',
    why: 'Refused: an Active key must be revoked first. The attempt is on the record, as critical.',
    speaker: 'vcenter',
    refused: true,
    async run(client, { keyId }) {
      await client.destroy(keyId);
    },
  },
  {
    title: 'Retire the key',
    why: 'Deactivated: data can still be decrypted, nothing new is encrypted.',
    speaker: 'vcenter',
    async run(client, { keyId }) {
      await client.revoke(keyId, { reason: 'CessationOfOperation' });
    },
  },
  {
    title: 'Destroy it',
    why: 'The material is gone for good; what the key was, and who used it, stays on record.',
    speaker: 'vcenter',
    async run(client, { keyId }) {
      await client.destroy(keyId);
    },
  },
  {
    title: 'A client with a certificate that nobody registered',
    why: 'TLS proves that it holds the key; no adapter knows the fingerprint. It learns nothing.',
    speaker: 'foreigner',
    refused: true,
    async run(client) {
      await client.discoverVersions();
    },
  },
];

/** A Custom Attribute of KMIP 1.x, `x-NAME`. */
function customAttribute(name: string, value: string): Attribute {
  return {
    kind: 'vendor',
    vendorIdentification: 'x',
    name,
    index: 0,
    value: { tag: TAGS.AttributeValue, type: 'TextString', value },
  };
}
