/** The certificate that the listeners show: from files that the settings name, or made here. */
import {
  type DevelopmentPki,
  ensureCertificateAuthority,
  ensureDevelopmentPki,
  renewServerCertificate,
  type ServerCertificateNeed,
  serverCertificateNeeds,
} from '@claviger/pki';
import { loadCertificateProfiles } from './certificate-profiles.ts';
import type { Settings } from './config/settings-schema.ts';
import type { DataDirectory } from './data-directory.ts';
import { type PemPair, readPemPair } from './pem-pair.ts';
import { namesForCertificate, statedNames } from './server-names.ts';

/** What the listeners show, and the files it came from. */
export type ServerCertificate = PemPair;

export type CertificateSettings = Pick<Settings, 'tls' | 'kmip' | 'api'>;

/**
 * Makes what is missing of the development PKI in the data directory.
 *
 * @throws PkiError
 */
export async function ensurePki(
  settings: CertificateSettings,
  directory: DataDirectory,
  now: () => number,
): Promise<DevelopmentPki> {
  return await ensureDevelopmentPki({
    directory: directory.pkiPath,
    profiles: await loadCertificateProfiles(settings.tls),
    serverNames: namesForCertificate(settings),
    now,
  });
}

/** Whether the certificate was made here, and may be renewed here. */
export function isMadeHere({ tls }: Pick<CertificateSettings, 'tls'>): boolean {
  return tls.certificate_file === undefined;
}

/**
 * The server certificate that the settings name; without one, that of the development PKI.
 *
 * @throws Failure `data`, PkiError.
 */
export async function loadServerCertificate(
  settings: CertificateSettings,
  directory: DataDirectory,
  now: () => number,
): Promise<ServerCertificate> {
  const { certificate_file, key_file } = settings.tls;
  const paths =
    certificate_file !== undefined && key_file !== undefined
      ? { certificatePath: certificate_file, keyPath: key_file }
      : (await ensurePki(settings, directory, now)).server;
  const { certificatePath, keyPath } = paths;
  return await readPemPair('server', { certificatePath, keyPath }, 'owner-and-group');
}

/**
 * What a certificate that was made here lacks. Only stated names are asked for: addresses of a machine
 * come and go, and each renewal makes clients such as vCenter ask for trust again.
 */
export function needOf(
  { certificate }: ServerCertificate,
  settings: CertificateSettings,
  now: number,
): ServerCertificateNeed {
  const nobody = { dns: [], ips: [] };
  const byTime = serverCertificateNeeds(certificate, nobody, now);
  return byTime === 'nothing'
    ? serverCertificateNeeds(certificate, statedNames(settings), now)
    : byTime;
}

/** What a renewal must gain, so that nobody has to trust a new certificate in vain. */
const LEAST_GAIN_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Whether a new certificate would live longer: none outlives the authority that signs it.
 *
 * @throws PkiError
 */
export async function isWorthRenewing(
  { certificate }: ServerCertificate,
  settings: CertificateSettings,
  directory: DataDirectory,
  now: () => number,
): Promise<boolean> {
  const profiles = await loadCertificateProfiles(settings.tls);
  const ca = await ensureCertificateAuthority({ directory: directory.pkiPath, profiles, now });
  return ca.certificate.notAfter - certificate.notAfter >= LEAST_GAIN_MS;
}

/**
 * Makes a new certificate for the key that the server has; the old one stays beside it.
 *
 * @throws PkiError
 */
export async function renewMadeHere(
  settings: CertificateSettings,
  directory: DataDirectory,
  now: () => number,
): Promise<void> {
  await renewServerCertificate({
    directory: directory.pkiPath,
    profiles: await loadCertificateProfiles(settings.tls),
    serverNames: namesForCertificate(settings),
    now,
  });
}
