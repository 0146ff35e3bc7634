import { createPublicKey } from 'node:crypto';
import { type CertifiedKey, issueForPublicKey } from './certificate-authority.ts';
import type { DevelopmentPkiOptions } from './development-pki.ts';
import { PkiError } from './error.ts';
import {
  type KeyPairPaths,
  keyPairPaths,
  readKeyPair,
  replaceCertificate,
} from './key-pair-files.ts';
import type { ParsedCertificate } from './parse-certificate.ts';

export interface RenewedServerCertificate extends KeyPairPaths {
  readonly certificate: ParsedCertificate;
  /** Where the certificate is kept that was replaced. */
  readonly previousPath: string;
}

/**
 * Makes a new server certificate for the key that the server has, with the names given and the rest from
 * the profile, and puts it in the place of the old one, which stays beside it as `server.crt.<serial
 * number>`. The key file is not touched, so that key and certificate fit together at each moment. Of two
 * renewals at once the later one stays; both certificates are good.
 *
 * @param options - As for `ensureDevelopmentPki`, in whose directory this happens.
 * @throws PkiError `incomplete-pair` when the server's or the authority's pair is missing;
 * `invalid-request` for a wrong name or an authority that has expired; `inaccessible`; what
 * `ensureDevelopmentPki` throws for files that are damaged.
 */
export async function renewServerCertificate(
  options: DevelopmentPkiOptions,
): Promise<RenewedServerCertificate> {
  const { directory, profiles, serverNames } = options;
  const paths = keyPairPaths(directory, 'server');
  const authority = await existingPair(keyPairPaths(directory, 'ca'));
  const { certificate: previous, privateKeyPem } = await existingPair(paths);
  const certificate = await issueForPublicKey(
    authority,
    {
      profile: profiles.server,
      publicKey: createPublicKey(privateKeyPem),
      subject: profiles.server.subject,
      alternativeNames: [
        ...serverNames.dns.map((value) => ({ kind: 'dns', value }) as const),
        ...serverNames.ips.map((value) => ({ kind: 'ip', value }) as const),
      ],
    },
    options,
  );
  const previousPath = `${paths.certificatePath}.${previous.serialNumber}`;
  await replaceCertificate(paths, previous, previousPath, certificate);
  return { ...paths, certificate, previousPath };
}

async function existingPair(paths: KeyPairPaths): Promise<CertifiedKey> {
  const pair = await readKeyPair(paths);
  if (pair === undefined) {
    throw new PkiError(
      'incomplete-pair',
      `${paths.certificatePath} and ${paths.keyPath} are missing; restore them, or have a new pair made`,
    );
  }
  return pair;
}
