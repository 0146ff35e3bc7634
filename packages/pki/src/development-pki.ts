import { X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import {
  type CertificateDeps,
  type CertificateRequest,
  type CertifiedKey,
  createCertificateAuthority,
  issueCertificate,
} from './certificate-authority.ts';
import type { CertificateProfiles } from './certificate-profile.ts';
import { PkiError } from './error.ts';
import {
  accessing,
  type KeyPairPaths,
  keyPairPaths,
  readKeyPair,
  syncDirectory,
  writeKeyPair,
} from './key-pair-files.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import type { ServerNames } from './server-name.ts';

export interface DevelopmentPkiOptions extends CertificateDeps {
  /** Made with mode 0700 when it is missing. */
  readonly directory: string;
  readonly profiles: CertificateProfiles;
  /** What a newly made server certificate is called; an existing one stays as it is. */
  readonly serverNames: ServerNames;
}

/** A certificate in a file, and where its key is. */
export interface KeyPairFiles extends KeyPairPaths {
  readonly certificate: ParsedCertificate;
  /** Whether it was made just now. */
  readonly created: boolean;
}

export interface DevelopmentPki {
  readonly ca: KeyPairFiles;
  readonly server: KeyPairFiles;
  readonly client: KeyPairFiles;
}

/** What an authority is made by; see {@link ensureCertificateAuthority}. */
export type AuthorityOptions = Omit<DevelopmentPkiOptions, 'serverNames'>;

/**
 * Makes the authority of {@link ensureDevelopmentPki} where it is missing, and nothing else.
 *
 * @throws PkiError as {@link ensureDevelopmentPki}.
 */
export async function ensureCertificateAuthority(options: AuthorityOptions): Promise<KeyPairFiles> {
  const paths = pathsIn(options.directory);
  // What else is there matters only where the authority is missing.
  const there = await readKeyPair(paths.ca);
  if (there !== undefined) return { ...paths.ca, certificate: there.certificate, created: false };
  const existing = await readExisting(options.directory, paths);
  const ca = await ensureAuthority(existing, paths, options);
  await syncDirectory(options.directory);
  return { ...paths.ca, certificate: ca.certificate, created: existing.ca === undefined };
}

/**
 * Makes what is missing of a small PKI to try the server with: `ca`, `server` and `client`, each a
 * `.crt` and a `.key` file. What exists is read, checked and left alone; whether it is still valid is
 * the caller's question (`certificateValidityAt`).
 *
 * @throws PkiError `incomplete-pair` when half of a pair, or the CA of a pair, is missing;
 * `mismatched-pair` when certificate and key, or certificate and CA, do not belong together;
 * `inaccessible`; `invalid-request` for a wrong server name; what `parseCertificate` throws, with the
 * path.
 */
export async function ensureDevelopmentPki(
  options: DevelopmentPkiOptions,
): Promise<DevelopmentPki> {
  const { directory, profiles, serverNames } = options;
  const paths = pathsIn(directory);
  const existing = await readExisting(directory, paths);
  const ca = await ensureAuthority(existing, paths, options);

  async function ensureLeaf(
    name: 'server' | 'client',
    request: CertificateRequest,
  ): Promise<KeyPairFiles> {
    const leaf = existing[name];
    if (leaf !== undefined) {
      checkIssuer(leaf, ca, paths[name], paths.ca);
      return { ...paths[name], certificate: leaf.certificate, created: false };
    }
    const made = await written(paths[name], await issueCertificate(ca, request, options));
    return { ...paths[name], certificate: made.certificate, created: true };
  }

  const server = await ensureLeaf('server', {
    profile: profiles.server,
    dnsNames: serverNames.dns,
    ipAddresses: serverNames.ips,
  });
  const client = await ensureLeaf('client', { profile: profiles.client });
  await syncDirectory(directory);
  return {
    ca: { ...paths.ca, certificate: ca.certificate, created: existing.ca === undefined },
    server,
    client,
  };
}

type Paths = Readonly<Record<PairName, KeyPairPaths>>;
type Existing = Readonly<Record<PairName, CertifiedKey | undefined>>;

function pathsIn(directory: string): Paths {
  return {
    ca: keyPairPaths(directory, 'ca'),
    server: keyPairPaths(directory, 'server'),
    client: keyPairPaths(directory, 'client'),
  };
}

/** Makes the directory where it is missing. */
async function readExisting(directory: string, paths: Paths): Promise<Existing> {
  await accessing('write', directory, () => mkdir(directory, { recursive: true, mode: 0o700 }));
  return {
    ca: await readKeyPair(paths.ca),
    server: await readKeyPair(paths.server),
    client: await readKeyPair(paths.client),
  };
}

async function ensureAuthority(
  existing: Existing,
  paths: Paths,
  options: AuthorityOptions,
): Promise<CertifiedKey> {
  checkAuthorityIsThere(existing, paths);
  return (
    existing.ca ??
    (await written(
      paths.ca,
      await createCertificateAuthority(options.profiles.certificateAuthority, options),
    ))
  );
}

async function written(paths: KeyPairPaths, pair: CertifiedKey): Promise<CertifiedKey> {
  await writeKeyPair(paths, pair);
  return pair;
}

type PairName = 'ca' | 'server' | 'client';

function checkAuthorityIsThere(existing: Existing, paths: Paths): void {
  if (existing.ca !== undefined) {
    return;
  }
  for (const name of ['server', 'client'] as const) {
    if (existing[name] !== undefined) {
      throw new PkiError(
        'incomplete-pair',
        `${paths[name].certificatePath} is there but ${paths.ca.certificatePath} and ${paths.ca.keyPath}, which signed it, are missing; restore them, or move the ${name} pair away to have everything made anew`,
      );
    }
  }
}

function checkIssuer(
  leaf: CertifiedKey,
  ca: CertifiedKey,
  leafPaths: KeyPairPaths,
  caPaths: KeyPairPaths,
): void {
  const authority = new X509Certificate(ca.certificate.der);
  const certificate = new X509Certificate(leaf.certificate.der);
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) {
    throw new PkiError(
      'mismatched-pair',
      `${leafPaths.certificatePath} was not signed by ${caPaths.certificatePath}; restore the right one, or move ${leafPaths.certificatePath} and ${leafPaths.keyPath} away to have a new pair made`,
    );
  }
}
