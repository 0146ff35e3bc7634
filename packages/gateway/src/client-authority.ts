/** The authority that signs the certificates of clients: that of the data directory, or one from files. */
import type { ClientCertificateIssuer } from '@claviger/management-api';
import { ensureCertificateAuthority } from '@claviger/pki';
import { loadCertificateProfiles } from './certificate-profiles.ts';
import type { Settings } from './config/settings-schema.ts';
import type { DataDirectory } from './data-directory.ts';
import { Failure } from './failure.ts';
import { type PemPairPaths, readPemPair } from './pem-pair.ts';

/**
 * What the API signs the certificates of clients with. The files are read at each use: a new pair
 * counts at once, and its key is in memory only while it signs.
 *
 * @throws PkiError when the profiles cannot be read.
 */
export async function clientAuthorityOf(
  settings: Pick<Settings, 'tls' | 'clients'>,
  directory: DataDirectory,
  now: () => number,
): Promise<ClientCertificateIssuer> {
  const profiles = await loadCertificateProfiles(settings.tls);
  const { client: profile } = profiles;
  const { authority_certificate_file, authority_key_file, max_validity_days } = settings.clients;

  async function paths(): Promise<PemPairPaths> {
    return authority_certificate_file !== undefined && authority_key_file !== undefined
      ? { certificatePath: authority_certificate_file, keyPath: authority_key_file }
      : await ensureCertificateAuthority({ directory: directory.pkiPath, profiles, now });
  }

  return {
    profile: { ...profile, validityDays: Math.min(profile.validityDays, max_validity_days) },
    maxValidityDays: max_validity_days,
    async authority() {
      const pair = await readPemPair('client authority', await paths(), 'owner-only');
      if (!pair.certificate.isCa) {
        throw new Failure(
          'data',
          `${pair.certificatePath} is no certificate authority (Basic Constraints, Key Usage) and cannot sign certificates: name another with clients.authority_certificate_file.`,
        );
      }
      return { certificate: pair.certificate, privateKeyPem: pair.key };
    },
  };
}
