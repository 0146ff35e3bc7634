/**
 * What `claviger up` makes for a first client, each in one commit with its events, so that a start which
 * is cut off leaves all of it or nothing. Everything after that is done over the API.
 */
import type { AdapterRecord, CertificateRecord, Change, RootKeyRecord } from '@claviger/key-store';
import type { ParsedCertificate } from '@claviger/pki';
import type { Ambient, KeyedInstallation } from '../installation.ts';
import { type Administrator, actorOf, commitDeeds, type Deed } from './administrator.ts';

export interface FirstCertificate {
  readonly certificate: ParsedCertificate;
  /** Stands in events as the name of the client. */
  readonly name: string;
}

/** What events call these. */
const ADAPTER_RESOURCE = 'kmip_adapter';
const CERTIFICATE_RESOURCE = 'certificate';

/** State of a key that can be used (NIST SP 800-57), as events of the catalogue write it. */
const ACTIVE = 1;

/**
 * Makes an adapter under a root key, which is made too when there is none of its name, and lets a client
 * in.
 *
 * @throws ClavigerError when somebody else makes the same at this moment.
 */
export async function makeFirstAdapter(
  installation: KeyedInstallation,
  administrator: Administrator,
  request: {
    readonly name: string;
    readonly rootKeyName: string;
    readonly client: FirstCertificate | undefined;
  },
): Promise<AdapterRecord> {
  const { keys, ambient } = installation;
  const { rootKey, isNew } = await findOrMakeRootKey(installation, request.rootKeyName);
  const id = ambient.randomness.uuid();
  const adapter: AdapterRecord = {
    id,
    name: request.name,
    description: null,
    rootKeyId: rootKey.id,
    wrappedKey: keys.newAdapterKey({
      rootKeyId: rootKey.id,
      wrappedRootKey: rootKey.wrappedKey,
      adapterId: id,
    }),
    createdAt: ambient.clock.now(),
    createdBy: actorOf(administrator),
  };
  const certificate =
    request.client && toRecord(ambient, adapter, request.client, actorOf(administrator));
  const changes: Change[] = [
    ...(isNew ? [{ kind: 'insert-root-key', rootKey } as const] : []),
    { kind: 'insert-adapter', adapter },
    ...(certificate ? [{ kind: 'insert-certificate', certificate } as const] : []),
  ];
  const deeds = [
    ...(isNew ? [rootKeyDeed(rootKey)] : []),
    adapterDeed(adapter),
    ...(certificate ? [certificateDeed(certificate)] : []),
  ];
  await commitDeeds(
    installation,
    administrator,
    { changes, deeds },
    () => `Somebody else has made the adapter ${request.name} at this moment; start again.`,
  );
  return adapter;
}

/** Lets a client in as an adapter that is there. */
export async function addFirstCertificate(
  installation: KeyedInstallation,
  administrator: Administrator,
  adapter: AdapterRecord,
  client: FirstCertificate,
): Promise<CertificateRecord> {
  const certificate = toRecord(installation.ambient, adapter, client, actorOf(administrator));
  await commitDeeds(
    installation,
    administrator,
    {
      changes: [{ kind: 'insert-certificate', certificate }],
      deeds: [certificateDeed(certificate)],
    },
    () => `The adapter ${adapter.name} has a certificate named ${client.name} already.`,
  );
  return certificate;
}

async function findOrMakeRootKey(
  { store, keys, ambient }: KeyedInstallation,
  name: string,
): Promise<{ readonly rootKey: RootKeyRecord; readonly isNew: boolean }> {
  const known = (await store.listRootKeys()).find(
    (rootKey) => rootKey.name === name && rootKey.state === 'enabled',
  );
  if (known !== undefined) return { rootKey: known, isNew: false };
  const id = ambient.randomness.uuid();
  const rootKey: RootKeyRecord = {
    id,
    name,
    state: 'enabled',
    wrappedKey: keys.newRootKey(id),
    createdAt: ambient.clock.now(),
  };
  return { rootKey, isNew: true };
}

function toRecord(
  { clock, randomness }: Ambient,
  adapter: AdapterRecord,
  { certificate, name }: FirstCertificate,
  createdBy: string,
): CertificateRecord {
  return {
    id: randomness.uuid(),
    adapterId: adapter.id,
    name,
    pem: certificate.pem,
    fingerprintSha256: certificate.fingerprintSha256,
    fingerprintSha1: certificate.fingerprintSha1,
    subject: certificate.subject,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    createdAt: clock.now(),
    createdBy,
  };
}

function rootKeyDeed({ id, name }: RootKeyRecord): Deed {
  return {
    action: 'hs-crypto.secrets.create',
    target: { kind: 'resource', resourceType: 'key', id, name },
    requestData: { keyType: 'root_key' },
    responseData: { keyId: id, keyState: ACTIVE },
    reasonCode: 201,
  };
}

function adapterDeed({ id, name }: AdapterRecord): Deed {
  return {
    action: 'hs-crypto.kmip-management.create',
    target: { kind: 'resource', resourceType: ADAPTER_RESOURCE, id, name },
    adapterId: id,
    requestData: { resourceType: ADAPTER_RESOURCE },
    responseData: { adapterId: id },
    reasonCode: 201,
  };
}

function certificateDeed({ id, name, adapterId, fingerprintSha256 }: CertificateRecord): Deed {
  return {
    action: 'hs-crypto.kmip-management.create',
    target: {
      kind: 'resource',
      resourceType: CERTIFICATE_RESOURCE,
      id,
      name,
      parent: { type: ADAPTER_RESOURCE, id: adapterId },
    },
    adapterId,
    requestData: { resourceType: CERTIFICATE_RESOURCE },
    responseData: { certificateId: id, certificateFingerprint: fingerprintSha256 },
    reasonCode: 201,
  };
}
