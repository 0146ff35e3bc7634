/** What `claviger up` makes for a first client: a pair of certificate and key, and an adapter for it. */
import type { AdapterRecord, CertificateRecord } from '@claviger/key-store';
import type { DevelopmentPki } from '@claviger/pki';
import type { Administrator } from './administration/administrator.ts';
import { addFirstCertificate, makeFirstAdapter } from './administration/first-client.ts';
import type { KeyedInstallation } from './installation.ts';

export interface Rig {
  readonly adapter: AdapterRecord;
  /** Undefined when somebody removed the client's certificate: that is not undone. */
  readonly certificate: CertificateRecord | undefined;
}

const ADAPTER_NAME = 'vcenter';
const ROOT_KEY_NAME = 'default';
const CERTIFICATE_NAME = 'vcenter-client';

/** Makes what is missing; on a directory that is complete it only looks. */
export async function ensureRig(
  installation: KeyedInstallation,
  client: DevelopmentPki['client'],
): Promise<Rig> {
  const { store, ambient } = installation;
  const administrator: Administrator = {
    initiator: { kind: 'system' },
    requestURI: 'claviger:/up',
    correlationId: ambient.randomness.uuid(),
  };
  const request = { certificate: client.certificate, name: CERTIFICATE_NAME };
  const registered = await store.findPrincipal(client.certificate.fingerprintSha256);
  const adapter = await store.findAdapter(ADAPTER_NAME);
  if (adapter === undefined) {
    const made = await makeFirstAdapter(installation, administrator, {
      name: ADAPTER_NAME,
      rootKeyName: ROOT_KEY_NAME,
      client: registered === undefined ? request : undefined,
    });
    const principal = await store.findPrincipal(client.certificate.fingerprintSha256);
    return { adapter: made, certificate: principal?.certificate };
  }
  if (registered === undefined && client.created) {
    return {
      adapter,
      certificate: await addFirstCertificate(installation, administrator, adapter, request),
    };
  }
  return { adapter, certificate: registered?.certificate };
}
