/** A whole server for tests: real TLS, real SQLite, real keys, in a temporary directory. */

import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditEvent, createAuditEmitter, parseAuditEvent } from '@claviger/audit-emitter';
import { createKeyHierarchy, createMasterKey } from '@claviger/key-hierarchy';
import { openSqliteKeyStore, type SqliteKeyStore } from '@claviger/key-store';
import { createKmipClient, type KmipClient } from '@claviger/kmip-client';
import type { Version } from '@claviger/kmip-protocol';
import { type CertifiedKey, createSelfSignedCertificate } from '@claviger/pki';
import { createCollectingLog, type LogLine } from './collecting-log.fixtures.ts';
import type { KmipServerDependencies } from './dependencies.ts';
import type { KmipServerLimits } from './limits.ts';
import { createKmipServer, type KmipServer, type KmipServerOptions } from './server.ts';
import type { ServerToClient } from './server-to-client/server-to-client.ts';

export interface RigOptions {
  readonly network?: 'private' | 'public';
  readonly isPrivateAddress?: (address: string) => boolean;
  readonly isTrustedProxy?: (address: string) => boolean;
  readonly fingerprintAlgorithm?: 'sha256' | 'sha1';
  readonly extensionActions?: boolean;
  readonly limits?: Partial<KmipServerLimits>;
  /** Default: EC, which is quick to make. */
  readonly serverKey?: 'EC' | 'RSA';
  readonly oldClients?: boolean;
  readonly suiteB?: KmipServerOptions['suiteB'];
  readonly transport?: 'ttlv' | 'https';
  readonly observer?: KmipServerDependencies['observer'];
  /** What tells clients; nothing does without. */
  readonly serverToClient?: (dependencies: KmipServerDependencies) => ServerToClient;
  /** Stands between the server and its store, to disturb it. */
  readonly wrapStore?: (store: SqliteKeyStore) => KmipServerDependencies['store'];
}

export interface Rig {
  readonly host: string;
  readonly port: number;
  readonly store: SqliteKeyStore;
  readonly server: KmipServer;
  readonly log: readonly LogLine[];
  /** Milliseconds; tests move it. */
  readonly clock: { now(): number; advance(milliseconds: number): void };
  /** The server's own certificate. */
  readonly serverCertificate: CertifiedKey;
  /** A certificate that no adapter has. */
  readonly stranger: CertifiedKey;
  readonly adapters: { readonly first: RigAdapter; readonly second: RigAdapter };
  /** Events in the log, oldest first. */
  events(): Promise<AuditEvent[]>;
  client(certificate: CertifiedKey, protocolVersion?: Version): KmipClient;
  close(): Promise<void>;
}

export interface RigAdapter {
  readonly id: string;
  readonly certificateId: string;
  readonly rootKeyId: string;
  readonly certificate: CertifiedKey;
}

function certificate(
  commonName: string,
  validityDays = 30,
  algorithm: 'EC' | 'RSA' = 'EC',
): Promise<CertifiedKey> {
  return createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName },
        key: algorithm === 'RSA' ? { algorithm, bits: 2048 } : { algorithm: 'EC', curve: 'P-256' },
        validityDays,
        keyUsage: ['digitalSignature', 'keyEncipherment'],
        extendedKeyUsage: [],
      },
      dnsNames: ['localhost'],
      ipAddresses: ['127.0.0.1'],
    },
    { now: Date.now },
  );
}

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const directory = await mkdtemp(join(tmpdir(), 'kmip-server-'));
  const store = await openSqliteKeyStore({ path: join(directory, 'rig.db') });
  const master = createMasterKey(randomBytes(32), randomBytes);
  const keys = createKeyHierarchy({ master });
  let shift = 0;
  const clock = {
    now: () => Date.now() + shift,
    advance(milliseconds: number) {
      shift += milliseconds;
    },
  };
  const log = createCollectingLog();
  const [serverCertificate, stranger, firstCertificate, secondCertificate] = await Promise.all([
    certificate('kmip.example', 30, options.serverKey),
    certificate('stranger'),
    certificate('first vcenter'),
    certificate('second vcenter'),
  ]);
  const instanceId = randomUUID();
  const audit = createAuditEmitter({
    displayName: 'Hyper Protect Crypto Services',
    crn: {
      cname: 'bluemix',
      ctype: 'public',
      service: 'hs-crypto',
      location: 'us-south',
      accountId: '0'.repeat(32),
      instanceId,
    },
    extensionActions: options.extensionActions ?? true,
    severityPrecedence: 'graver',
    saveServiceCopy: true,
    newId: randomUUID,
    now: clock.now,
  });

  async function addAdapter(name: string, client: CertifiedKey): Promise<RigAdapter> {
    const adapter = { id: randomUUID(), certificateId: randomUUID(), rootKeyId: randomUUID() };
    const wrappedRootKey = keys.newRootKey(adapter.rootKeyId);
    const { certificate: parsed } = client;
    const createdAt = clock.now();
    const outcome = await store.commit({
      guards: [],
      changes: [
        {
          kind: 'insert-root-key',
          rootKey: {
            id: adapter.rootKeyId,
            name: `${name} root`,
            state: 'enabled',
            wrappedKey: wrappedRootKey,
            createdAt,
          },
        },
        {
          kind: 'insert-adapter',
          adapter: {
            id: adapter.id,
            name,
            description: null,
            rootKeyId: adapter.rootKeyId,
            wrappedKey: keys.newAdapterKey({
              rootKeyId: adapter.rootKeyId,
              wrappedRootKey,
              adapterId: adapter.id,
            }),
            createdAt,
          },
        },
        {
          kind: 'insert-certificate',
          certificate: {
            id: adapter.certificateId,
            adapterId: adapter.id,
            name: `${name}-certificate`,
            pem: parsed.pem,
            fingerprintSha256: parsed.fingerprintSha256,
            fingerprintSha1: parsed.fingerprintSha1,
            subject: parsed.subject,
            notBefore: parsed.notBefore,
            notAfter: parsed.notAfter,
            createdAt,
          },
        },
      ],
      events: [],
    });
    if (outcome.kind !== 'committed')
      throw new Error(`The rig could not be set up: ${outcome.kind}`);
    return { ...adapter, certificate: client };
  }

  const first = await addAdapter('first', firstCertificate);
  const second = await addAdapter('second', secondCertificate);
  const dependencies: KmipServerDependencies = {
    store: options.wrapStore?.(store) ?? store,
    keys,
    audit,
    clock,
    randomness: { uuid: randomUUID, bytes: (count) => new Uint8Array(randomBytes(count)) },
    log,
    observer: options.observer,
  };
  const serverToClient = options.serverToClient?.(dependencies);
  const server = createKmipServer(
    { ...dependencies, serverToClient },
    {
      host: '127.0.0.1',
      port: 0,
      network: options.network ?? 'private',
      ...(options.isPrivateAddress && { isPrivateAddress: options.isPrivateAddress }),
      ...(options.isTrustedProxy && { isTrustedProxy: options.isTrustedProxy }),
      tls: { cert: serverCertificate.certificate.pem, key: serverCertificate.privateKeyPem },
      fingerprintAlgorithm: options.fingerprintAlgorithm ?? 'sha256',
      identity: {
        vendorIdentification: 'Claviger',
        productName: 'Claviger',
        serverVersion: '0.1.0',
      },
      ...(options.limits && { limits: options.limits }),
      oldClients: options.oldClients,
      suiteB: options.suiteB,
      transport: options.transport,
    },
  );
  const { host, port } = await server.listen();
  const clients: KmipClient[] = [];

  return {
    host,
    port,
    store,
    server,
    log: log.lines,
    clock,
    serverCertificate,
    stranger,
    adapters: { first, second },
    async events() {
      const records = await store.listEvents({ afterSequence: 0, limit: 10_000 });
      return records.map(({ body }) => parseAuditEvent(JSON.parse(body)));
    },
    client(owner, protocolVersion = '1.4') {
      const client = createKmipClient({
        host,
        port,
        tls: {
          ca: serverCertificate.certificate.pem,
          cert: owner.certificate.pem,
          key: owner.privateKeyPem,
        },
        protocolVersion,
      });
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await server.close();
      await store.close();
      keys.close();
      master.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
