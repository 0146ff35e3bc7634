/** The messages of the load: which may be sent in which State, and what each leaves behind. */

import { createHash } from 'node:crypto';
import {
  type BatchResult,
  createPayload,
  type KmipClient,
  KmipClientError,
} from '@claviger/kmip-client';
import { type Attribute, TAGS } from '@claviger/kmip-protocol';
import type { Deed, State, TrackedKey } from './tracked-key.ts';

const KEY = {
  algorithm: 'AES',
  lengthBits: 256,
  usage: ['Encrypt', 'Decrypt'],
} as const;

export interface Action {
  /** States in which it is sent; undefined for a key that is still to be made. */
  readonly states: readonly (State | undefined)[];
  deed(key: TrackedKey): Deed;
  /** Sends it. Resolves when it was acknowledged as expected. */
  send(client: KmipClient, key: TrackedKey, deed: Deed): Promise<void>;
}

const EXISTING = ['PreActive', 'Active', 'Deactivated', 'Compromised'] as const;

export const ACTIONS = {
  create: {
    states: [undefined],
    deed: () => ({ events: ['hs-crypto.kmip-key.create success'], state: 'PreActive' }),
    async send(client, key) {
      key.id = await client.create({ ...KEY, names: [key.name] });
    },
  },
  /** One message: never a key that was made and not activated. */
  createAndActivate: {
    states: [undefined],
    deed: () => ({
      events: ['hs-crypto.kmip-key.create success', 'hs-crypto.kmip-key.activate success'],
      state: 'Active',
    }),
    async send(client, key) {
      const create = createPayload({ ...KEY, names: [key.name] });
      const [created, activated] = await client.batch(
        [
          { operation: 'Create', payload: create },
          { operation: 'Activate', payload: {} },
        ],
        { order: true },
      );
      assertSucceeded([created, activated], key);
      if (created.kind === 'success') key.id = String(created.payload.uniqueIdentifier);
    },
  },
  get: {
    states: EXISTING,
    deed: () => ({ events: ['hs-crypto.kmip-key.read success'] }),
    async send(client, key) {
      const digest = digestOf((await client.get(idOf(key))).material);
      key.digest ??= digest;
      if (key.digest !== digest) throw new Error(`${key.name} has other key bytes than before.`);
    },
  },
  mark: {
    states: EXISTING,
    deed: ({ marks }) => ({
      events: ['claviger.kmip-key-attributes.add success'],
      marks: [`mark ${marks.length}`],
    }),
    async send(client, key, { marks = [] }) {
      for (const mark of marks) await client.addAttribute(idOf(key), markAttribute(mark));
    },
  },
  /** As vCenter does: several Add Attribute in one message. */
  markThrice: {
    states: EXISTING,
    deed: ({ marks }) => ({
      events: Array.from({ length: 3 }, () => 'claviger.kmip-key-attributes.add success' as const),
      marks: [0, 1, 2].map((more) => `mark ${marks.length + more}`),
    }),
    async send(client, key, { marks = [] }) {
      const uniqueIdentifier = idOf(key);
      const results = await client.batch(
        marks.map((mark) => ({
          operation: 'AddAttribute',
          payload: { uniqueIdentifier, attribute: markAttribute(mark) },
        })),
        { order: true },
      );
      assertSucceeded(results, key);
    },
  },
  activate: {
    states: ['PreActive'],
    deed: () => ({ events: ['hs-crypto.kmip-key.activate success'], state: 'Active' }),
    send: (client, key) => client.activate(idOf(key)),
  },
  retire: {
    states: ['Active'],
    deed: () => ({ events: ['hs-crypto.kmip-key.revoke success'], state: 'Deactivated' }),
    send: (client, key) => client.revoke(idOf(key), { reason: 'CessationOfOperation' }),
  },
  compromise: {
    states: ['PreActive', 'Active', 'Deactivated'],
    deed: () => ({ events: ['hs-crypto.kmip-key.revoke success'], state: 'Compromised' }),
    send: (client, key) => client.revoke(idOf(key), { reason: 'KeyCompromise' }),
  },
  destroy: {
    states: ['PreActive', 'Deactivated', 'Compromised'],
    deed: ({ state }) => ({
      events: ['hs-crypto.kmip-key.destroy success'],
      state: state === 'Compromised' ? 'DestroyedCompromised' : 'Destroyed',
    }),
    send: (client, key) => client.destroy(idOf(key)),
  },
  /** A refusal is acknowledged as well, and on the record. */
  destroyActive: {
    states: ['Active'],
    deed: () => ({ events: ['hs-crypto.kmip-key.destroy failure'] }),
    send: (client, key) => refused(client.destroy(idOf(key))),
  },
  getDestroyed: {
    states: ['Destroyed', 'DestroyedCompromised'],
    deed: () => ({ events: ['hs-crypto.kmip-key.read failure'] }),
    send: (client, key) => refused(client.get(idOf(key))),
  },
} as const satisfies Readonly<Record<string, Action>>;

export function digestOf(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) throw new Error('Get brought no key.');
  return createHash('sha256').update(bytes).digest('hex');
}

export function idOf({ id, name }: TrackedKey): string {
  if (id === undefined) throw new Error(`${name} has no identifier yet.`);
  return id;
}

function markAttribute(mark: string): Attribute {
  return {
    kind: 'vendor',
    vendorIdentification: 'x',
    name: 'Mark',
    index: 0,
    value: { tag: TAGS.AttributeValue, type: 'TextString', value: mark },
  };
}

function assertSucceeded(results: readonly BatchResult[], { name }: TrackedKey): void {
  for (const result of results) {
    if (result.kind === 'success') continue;
    const why =
      result.kind === 'failure' ? `: ${result.resultReason}, ${result.resultMessage}` : '';
    throw new Error(`A batch item for ${name} was not carried out${why}`);
  }
}

/** Resolves when the server says no. */
async function refused(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (error instanceof KmipClientError && error.code === 'operation-failed') return;
    throw error;
  }
  throw new Error('The server did what it has to refuse.');
}
