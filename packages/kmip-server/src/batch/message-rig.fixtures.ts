/**
 * The server without its sockets: messages in, answers out, with the store in memory, real keys, a clock
 * that stands still and ids that count.
 */

import { randomBytes } from 'node:crypto';
import {
  type AuditEmitterOptions,
  type AuditEvent,
  parseAuditEvent,
} from '@claviger/audit-emitter';
import { A_FINGERPRINT, anEmitter } from '@claviger/audit-emitter/testing';
import { createKeyHierarchy, createMasterKey, type KeyHierarchy } from '@claviger/key-hierarchy';
import type { KeyStore, RootKeyState } from '@claviger/key-store';
import {
  aCertificate,
  anAdapter,
  aRootKey,
  createMemoryKeyStore,
} from '@claviger/key-store/testing';
import type { Version } from '@claviger/kmip-protocol';
import { type CollectingLog, createCollectingLog } from '../collecting-log.fixtures.ts';
import type { RngSeedPolicy } from '../cryptography/seedable-randomness.ts';
import type { KmipServerDependencies, Randomness } from '../dependencies.ts';
import {
  type Answer,
  aMessage,
  type MessageOptions,
  parseAnswer,
  type RequestedItem,
} from '../messages.fixtures.ts';
import { NOW } from '../objects/managed-object.fixtures.ts';
import { offeredOperations } from '../operations/index.ts';
import type { ServerToClient } from '../server-to-client/server-to-client.ts';
import {
  createMessageProcessor,
  type MessageSource,
  type ProcessedMessage,
} from './process-message.ts';

export interface MessageRigOptions {
  readonly audit?: Partial<AuditEmitterOptions>;
  readonly maxResponseBytes?: number;
  /** Default: a minute, so that nothing is worked on before it is asked for. */
  readonly asynchronousDelayMs?: number;
  /** Default: a minute. */
  readonly pollWaitMs?: number;
  /** Stands between the server and the store, to watch it or to disturb it. */
  readonly wrapStore?: (store: KeyStore) => KmipServerDependencies['store'];
  /** Stands between the server and the keys. */
  readonly wrapKeys?: (keys: KeyHierarchy) => KmipServerDependencies['keys'];
  readonly randomness?: Partial<Randomness>;
  /** Default: true. */
  readonly isForTests?: boolean;
  readonly reProvisions?: boolean;
  readonly rngSeed?: RngSeedPolicy;
  /** Makes what tells clients; it is given what the server has, and the name of the adapter. */
  readonly serverToClient?: (
    dependencies: KmipServerDependencies,
    adapterName: string,
  ) => ServerToClient;
}

export interface MessageRig {
  readonly store: KeyStore;
  readonly source: MessageSource;
  readonly rootKeyId: string;
  readonly keys: KeyHierarchy;
  readonly log: CollectingLog;
  /** Milliseconds. */
  readonly clock: {
    now(): number;
    /** Time goes by. */
    advance(milliseconds: number): void;
    /** Somebody sets the time of day. */
    set(milliseconds: number): void;
  };
  /** Handles the bytes of a message. */
  process(bytes: Uint8Array, source?: MessageSource): Promise<ProcessedMessage>;
  /** Handles the bytes of a message and reads the answer; fails the test when there is none. */
  answer(bytes: Uint8Array): Promise<ReturnType<typeof parseAnswer>>;
  /** Sends items in one message; fails the test when there is no answer. */
  send(
    version: Version,
    items: readonly RequestedItem[],
    options?: MessageOptions,
  ): Promise<readonly Answer[]>;
  /** Sends items from another source. */
  sendAs(
    source: MessageSource,
    version: Version,
    items: readonly RequestedItem[],
  ): Promise<readonly Answer[]>;
  /** Has asynchronous requests worked on by themselves. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** How many objects the adapter has. */
  countObjects(): Promise<number>;
  events(): Promise<readonly AuditEvent[]>;
  setRootKeyState(state: RootKeyState): Promise<void>;
  /** The principal as it is now, as a new connection would have it. */
  reconnect(): Promise<MessageSource>;
}

export async function startMessageRig(options: MessageRigOptions = {}): Promise<MessageRig> {
  const store = createMemoryKeyStore();
  const keys = createKeyHierarchy({ master: createMasterKey(randomBytes(32), randomBytes) });
  let nowMs = NOW * 1000;
  let steadyMs = 0;
  const clock = {
    now: () => nowMs,
    advance(milliseconds: number) {
      nowMs += milliseconds;
      steadyMs += milliseconds;
    },
    set(milliseconds: number) {
      nowMs = milliseconds;
    },
  };
  const log = createCollectingLog();
  let lastId = 0;
  let lastByte = 0;
  const randomness: Randomness = {
    uuid: () => `0a0b0c0d-0000-4000-8000-${String(++lastId).padStart(12, '0')}`,
    bytes: (count) => new Uint8Array(count).fill(++lastByte),
    ...options.randomness,
  };

  const rootKey = aRootKey();
  const wrappedRootKey = keys.newRootKey(rootKey.id);
  const blank = anAdapter({ rootKeyId: rootKey.id });
  const adapter = {
    ...blank,
    wrappedKey: keys.newAdapterKey({
      rootKeyId: rootKey.id,
      wrappedRootKey,
      adapterId: blank.id,
    }),
  };
  const certificate = aCertificate({ adapterId: adapter.id, fingerprintSha256: A_FINGERPRINT });
  await store.commit({
    guards: [],
    changes: [
      { kind: 'insert-root-key', rootKey: { ...rootKey, wrappedKey: wrappedRootKey } },
      { kind: 'insert-adapter', adapter },
      { kind: 'insert-certificate', certificate },
    ],
    events: [],
  });

  async function reconnect(): Promise<MessageSource> {
    const record = await store.findPrincipal(A_FINGERPRINT);
    if (record === undefined) throw new Error('The certificate of the rig was removed.');
    return {
      principal: { record, auditFingerprint: A_FINGERPRINT },
      initiator: { kind: 'certificate', fingerprint: A_FINGERPRINT, name: certificate.name },
      requestURI: 'kmip://kmip.example:5696',
    };
  }

  const source = await reconnect();
  const dependencies: KmipServerDependencies = {
    store: options.wrapStore?.(store) ?? store,
    keys: options.wrapKeys?.(keys) ?? keys,
    audit: anEmitter({ now: clock.now, ...options.audit }),
    clock,
    steadyClock: { now: () => steadyMs },
    randomness,
    log,
  };
  const serverToClient = options.serverToClient?.(dependencies, adapter.name);
  const messages = createMessageProcessor(
    { ...dependencies, serverToClient },
    {
      identity: {
        vendorIdentification: 'Claviger',
        productName: 'Claviger',
        serverVersion: '0.1.0',
      },
      operations: offeredOperations({
        isForTests: options.isForTests ?? true,
        reProvisions: options.reProvisions ?? true,
        turnsRoles: true,
        tellsClients: serverToClient !== undefined,
      }),
      maxMessageBytes: 1024 * 1024,
      maxResponseBytes: options.maxResponseBytes ?? 8 * 1024 * 1024,
      asynchronousDelayMs: options.asynchronousDelayMs ?? 60_000,
      pollWaitMs: options.pollWaitMs ?? 60_000,
      rngSeed: options.rngSeed ?? 'ignore',
    },
  );

  /** As a connection does: nothing may be left that reads the request afterwards. */
  async function process(bytes: Uint8Array, from = source) {
    const request = bytes.slice();
    try {
      return await messages.process(from, request);
    } finally {
      request.fill(0);
    }
  }

  async function answer(bytes: Uint8Array, from = source) {
    const processed = await process(bytes, from);
    if (processed.kind !== 'answer') throw new Error(`There is no answer: ${processed.kind}.`);
    return parseAnswer(processed.bytes);
  }

  return {
    store,
    source,
    rootKeyId: rootKey.id,
    keys,
    log,
    clock,
    process,
    answer: (bytes) => answer(bytes),
    async send(version, items, messageOptions) {
      return (await answer(aMessage(version, items, messageOptions))).items;
    },
    async sendAs(from, version, items) {
      return (await answer(aMessage(version, items), from)).items;
    },
    start: () => messages.start(),
    stop: () => messages.stop(),
    async countObjects() {
      const page = { where: { kind: 'and', of: [] }, offset: 0, limit: 0 } as const;
      return (await store.locateObjects(adapter.id, page)).total;
    },
    async events() {
      const records = await store.listEvents({ afterSequence: 0, limit: 10_000 });
      return records.map(({ body }) => parseAuditEvent(JSON.parse(body)));
    },
    async setRootKeyState(state) {
      await store.commit({
        guards: [],
        changes: [{ kind: 'set-root-key-state', id: rootKey.id, state }],
        events: [],
      });
    },
    reconnect,
  };
}
