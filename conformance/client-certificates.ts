/** Client certificates for tests, in files as the command line takes them. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CertificateProfile, createSelfSignedCertificate } from '@claviger/pki';
import type { Identity } from './gateway-client.ts';
import { clavigerJson } from './gateway-process.ts';

export interface ClientCertificate extends Identity {
  readonly fingerprintSha256: string;
  readonly fingerprintSha1: string;
  /** Of the certificate, PEM. */
  readonly path: string;
}

const EC: CertificateProfile['key'] = { algorithm: 'EC', curve: 'P-256' };

/** Like the one that vCenter makes for itself: self-signed, RSA, without Extended Key Usage. */
export const VCENTER_KEY: CertificateProfile['key'] = { algorithm: 'RSA', bits: 2048 };

/**
 * Makes a self-signed certificate, which is all that a KMIP client needs, good for 30 days.
 *
 * @param now - From when on, in milliseconds since the epoch.
 */
export async function makeClientCertificate(
  directory: string,
  commonName: string,
  key: CertificateProfile['key'] = EC,
  now: () => number = Date.now,
): Promise<ClientCertificate> {
  const { certificate, privateKeyPem } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName },
        key,
        validityDays: 30,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
    },
    { now },
  );
  const path = join(directory, `${commonName}.pem`);
  writeFileSync(path, certificate.pem);
  const { pem: cert, fingerprintSha256, fingerprintSha1 } = certificate;
  return { cert, key: privateKeyPem, fingerprintSha256, fingerprintSha1, path };
}

/** Lets certificates in as an adapter, which is made first. */
export async function addAdapter(
  dataDirectory: string,
  name: string,
  certificates: readonly ClientCertificate[],
): Promise<void> {
  const data = ['--data-dir', dataDirectory];
  await clavigerJson(['adapter', 'create', name, ...data]);
  for (const { path } of certificates) await clavigerJson(['cert', 'add', name, path, ...data]);
}
