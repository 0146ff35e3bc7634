/**
 * Records that are valid and unlike each other; a test overrides what it is about. Ids are random, so
 * that tests can share one store.
 */
import { randomUUID } from 'node:crypto';
import type {
  ApiKeyRecord,
  ClientAuthorityRecord,
  CredentialRecord,
  RefusedCertificateRecord,
} from './management-records.ts';
import type {
  AdapterRecord,
  CertificateRecord,
  NewEvent,
  ObjectRecord,
  RootKeyRecord,
} from './records.ts';
import type { Change, UnitOfWork } from './unit-of-work.ts';

const CREATED_AT = Date.UTC(2026, 0, 15, 12);
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

export function aRootKey(overrides: Partial<RootKeyRecord> = {}): RootKeyRecord {
  const id = randomUUID();
  return {
    id,
    name: `root key ${id}`,
    state: 'enabled',
    wrappedKey: Uint8Array.of(1, 2, 3),
    createdAt: CREATED_AT,
    ...overrides,
  };
}

/** Needs its root key in the store. */
export function anAdapter(
  overrides: Partial<AdapterRecord> & Pick<AdapterRecord, 'rootKeyId'>,
): AdapterRecord {
  const id = randomUUID();
  return {
    id,
    name: `adapter ${id}`,
    description: null,
    wrappedKey: Uint8Array.of(4, 5, 6),
    createdAt: CREATED_AT,
    ...overrides,
  };
}

/** Needs its adapter in the store. The PEM is a text, not a certificate: the store does not look inside. */
export function aCertificate(
  overrides: Partial<CertificateRecord> & Pick<CertificateRecord, 'adapterId'>,
): CertificateRecord {
  const id = randomUUID();
  const digits = id.replaceAll('-', '');
  return {
    id,
    name: `certificate ${id}`,
    pem: '-----BEGIN CERTIFICATE-----\r\nAAAA\r\n-----END CERTIFICATE-----\r\n',
    fingerprintSha256: digits.repeat(2),
    fingerprintSha1: digits + digits.slice(0, 8),
    subject: 'CN=vcenter.example',
    notBefore: CREATED_AT,
    notAfter: CREATED_AT + YEAR_MS,
    createdAt: CREATED_AT,
    ...overrides,
  };
}

/** Needs its adapter in the store. */
export function anObject(
  overrides: Partial<ObjectRecord> & Pick<ObjectRecord, 'adapterId'>,
): ObjectRecord {
  return {
    id: randomUUID(),
    version: 1,
    objectType: 'SymmetricKey',
    attributes: Uint8Array.of(0x42, 0x00, 0x08),
    material: Uint8Array.of(7, 8, 9),
    index: [{ name: 'Object Type', value: 'SymmetricKey' }],
    uniqueNames: [],
    createdAt: CREATED_AT,
    ...overrides,
  };
}

/** Needs its adapter in the store. */
export function aClientAuthority(
  overrides: Partial<ClientAuthorityRecord> & Pick<ClientAuthorityRecord, 'adapterId'>,
): ClientAuthorityRecord {
  const id = randomUUID();
  return {
    id,
    name: `authority ${id}`,
    pem: '-----BEGIN CERTIFICATE-----\nBBBB\n-----END CERTIFICATE-----\n',
    fingerprintSha256: id.replaceAll('-', '').repeat(2),
    subject: 'CN=Authority of vCenter',
    subjectRule: null,
    notBefore: CREATED_AT,
    notAfter: CREATED_AT + YEAR_MS,
    createdAt: CREATED_AT,
    createdBy: null,
    ...overrides,
  };
}

/** Needs its adapter in the store. */
export function aCredential(
  overrides: Partial<CredentialRecord> & Pick<CredentialRecord, 'adapterId'>,
): CredentialRecord {
  const id = randomUUID();
  return {
    id,
    name: `credential-${id}`,
    kind: 'user',
    identity: `user:${id}`,
    verifier: 'verifier',
    sealed: null,
    lastProof: 0,
    createdAt: CREATED_AT,
    createdBy: null,
    ...overrides,
  };
}

export function anApiKey(overrides: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  const id = randomUUID();
  return {
    id,
    name: `API key ${id}`,
    role: 'Manager',
    saltedHash: Uint8Array.of(10, 11, 12),
    salt: Uint8Array.of(13, 14),
    createdAt: CREATED_AT,
    createdBy: null,
    revokedAt: null,
    revokedBy: null,
    ...overrides,
  };
}

export function aRefusedCertificate(
  overrides: Partial<RefusedCertificateRecord> = {},
): RefusedCertificateRecord {
  const digits = randomUUID().replaceAll('-', '');
  return {
    fingerprintSha256: digits.repeat(2),
    fingerprintSha1: digits + digits.slice(0, 8),
    subject: 'CN=stranger.example',
    pem: '-----BEGIN CERTIFICATE-----\nCCCC\n-----END CERTIFICATE-----\n',
    reason: 'The certificate is registered with no adapter.',
    address: '192.0.2.7',
    adapterId: null,
    listener: 'kmip',
    firstAt: CREATED_AT,
    lastAt: CREATED_AT,
    attempts: 1,
    ...overrides,
  };
}

export function anEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  const id = randomUUID();
  return {
    id,
    time: CREATED_AT,
    action: 'kms.secrets.create',
    outcome: 'success',
    severity: 'normal',
    initiatorId: 'CertificateID-00',
    targetId: 'crn:v1:test',
    adapterId: null,
    correlationId: null,
    body: JSON.stringify({ id }),
    ...overrides,
  };
}

/** A unit without guards and events unless given. */
export function aUnit(overrides: Partial<UnitOfWork> = {}): UnitOfWork {
  return { guards: [], changes: [], events: [], ...overrides };
}

/** A root key, an adapter of it and a certificate of that, and the changes that bring them about. */
export function aPrincipal(): {
  readonly rootKey: RootKeyRecord;
  readonly adapter: AdapterRecord;
  readonly certificate: CertificateRecord;
  readonly changes: readonly Change[];
} {
  const rootKey = aRootKey();
  const adapter = anAdapter({ rootKeyId: rootKey.id });
  const certificate = aCertificate({ adapterId: adapter.id });
  return {
    rootKey,
    adapter,
    certificate,
    changes: [
      { kind: 'insert-root-key', rootKey },
      { kind: 'insert-adapter', adapter },
      { kind: 'insert-certificate', certificate },
    ],
  };
}
