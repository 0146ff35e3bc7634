import { PkiError, parseFingerprint } from '@claviger/pki';
import type { ManagementClient } from '../../api-client/management-client.ts';
import { Failure } from '../../failure.ts';
import { ofAdapters } from '../of-adapters.ts';
import type { CertificateView } from './certificate-view.ts';

/** Certificates of one adapter or of all, with the names of the adapters. */
export async function listCertificates(
  client: ManagementClient,
  adapter: string | undefined,
): Promise<readonly (CertificateView & { readonly adapterName: string })[]> {
  return await ofAdapters(client, adapter, (id) => client.listCertificates(id));
}

/**
 * The certificate of an id, a name or a fingerprint (SHA-256 or SHA-1, colons or none), of one adapter or
 * of all.
 *
 * @throws Failure `refused` when there is none, or a name means several.
 */
export async function findCertificate(
  client: ManagementClient,
  which: string,
  adapter: string | undefined,
): Promise<CertificateView> {
  const fingerprint = fingerprintIn(which);
  const found = (await listCertificates(client, adapter)).filter(
    ({ id, name, fingerprintSha256, fingerprintSha1 }) =>
      id === which ||
      name === which ||
      fingerprintSha256 === fingerprint ||
      fingerprintSha1 === fingerprint,
  );
  const [certificate, another] = found;
  if (certificate === undefined) {
    throw new Failure(
      'refused',
      `There is no certificate ${JSON.stringify(which)}; \`claviger cert list\` shows all.`,
    );
  }
  if (another !== undefined) {
    throw new Failure(
      'refused',
      `${found.length} certificates are named ${JSON.stringify(which)}; give the id or fingerprint, or say --adapter.`,
    );
  }
  const { adapterName: _, ...view } = certificate;
  return view;
}

export function fingerprintIn(text: string): string | undefined {
  try {
    return parseFingerprint(text);
  } catch (error) {
    if (error instanceof PkiError) return undefined; // then it is an id or a name
    throw error;
  }
}
