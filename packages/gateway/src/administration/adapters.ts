import type { AdapterRecord, Change } from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import type { Installation, KeyedInstallation } from '../installation.ts';
import {
  type Administrator,
  actorOf,
  commitDeeds,
  type Deed,
  recordFailure,
} from './administrator.ts';
import { certificateDeed, type NewCertificate, toCertificateRecord } from './certificate-record.ts';
import { nameProblem } from './check-name.ts';
import { ADAPTER_RESOURCE, findAdapter } from './find-adapter.ts';
import { deedOfRootKey, findOrMakeRootKey } from './root-keys.ts';

export interface NewAdapter {
  readonly name: string;
  readonly description?: string | undefined;
  /** Made when there is none of this name. */
  readonly rootKeyName: string;
  /** Registered in the same commit. */
  readonly certificate?: NewCertificate | undefined;
}

/**
 * Makes an adapter with a key of its own; with a certificate, both or neither.
 *
 * @throws ClavigerError `invalid-field`, `name-already-exists`, `root-key-unusable`.
 */
export async function createAdapter(
  installation: KeyedInstallation,
  administrator: Administrator,
  request: NewAdapter,
): Promise<AdapterRecord> {
  const { keys, ambient } = installation;
  const { name, description, rootKeyName } = request;
  const id = ambient.randomness.uuid();
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.create',
    target: { kind: 'resource', resourceType: ADAPTER_RESOURCE, id, name },
    adapterId: id,
    requestData: { resourceType: ADAPTER_RESOURCE },
    responseData: { adapterId: id },
    reasonCode: 201,
  };
  const problem = nameProblem('an adapter', name) ?? nameProblem('a root key', rootKeyName);
  if (problem !== undefined) {
    // A name that cannot be kept does not belong into the log either.
    const nameless: Deed = { ...deed, target: { kind: 'instance' } };
    await recordFailure(installation, administrator, [nameless], problem);
    throw problem;
  }
  const { rootKey, isNew } = await findOrMakeRootKey(installation, rootKeyName);
  if (rootKey.state !== 'enabled') {
    const error = new ClavigerError(
      'root-key-unusable',
      `The root key ${rootKeyName} is ${rootKey.state}; enable it or name another.`,
    );
    await recordFailure(installation, administrator, [deed], error);
    throw error;
  }
  const adapter: AdapterRecord = {
    id,
    name,
    description: description ?? null,
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
    request.certificate &&
    toCertificateRecord(ambient, adapter, request.certificate, actorOf(administrator));
  const changes: Change[] = [
    ...(isNew ? [{ kind: 'insert-root-key', rootKey } as const] : []),
    { kind: 'insert-adapter', adapter },
    ...(certificate ? [{ kind: 'insert-certificate', certificate } as const] : []),
  ];
  const deeds = [
    ...(isNew ? [deedOfRootKey(rootKey)] : []),
    deed,
    ...(certificate ? [certificateDeed('create', certificate)] : []),
  ];
  await commitDeeds(installation, administrator, { changes, deeds }, (refused) =>
    refused.kind === 'duplicate' && refused.what === 'certificate'
      ? 'The certificate is registered with another adapter already.'
      : `There is an adapter or root key named ${name} already; choose another name.`,
  );
  return adapter;
}

/**
 * Deletes an adapter that is empty.
 *
 * @throws ClavigerError `item-not-found`, `illegal-operation` while it has certificates or objects.
 */
export async function deleteAdapter(
  installation: Installation,
  administrator: Administrator,
  idOrName: string,
): Promise<AdapterRecord> {
  const adapter = await findAdapter(installation, administrator, idOrName, 'delete');
  const { id, name } = adapter;
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.delete',
    target: { kind: 'resource', resourceType: ADAPTER_RESOURCE, id, name },
    adapterId: id,
    requestData: { resourceType: ADAPTER_RESOURCE },
    responseData: { adapterId: id },
  };
  const changes = [{ kind: 'delete-adapter', id } as const];
  await commitDeeds(installation, administrator, { changes, deeds: [deed] }, (refused) =>
    refused.kind === 'in-use'
      ? `The adapter ${name} still has certificates or objects. Remove its certificates with \`claviger cert remove\` first; an adapter that holds objects, also destroyed ones, cannot be deleted.`
      : `The adapter ${name} was deleted by somebody else.`,
  );
  return adapter;
}

export async function listAdapters(
  installation: Installation,
  administrator: Administrator,
): Promise<readonly AdapterRecord[]> {
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.list',
    target: { kind: 'instance' },
    requestData: { resourceType: ADAPTER_RESOURCE },
  };
  const adapters = await installation.store.listAdapters();
  await commitDeeds(installation, administrator, { changes: [], deeds: [deed] }, () => '');
  return adapters;
}
