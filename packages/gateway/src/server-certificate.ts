import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  type DevelopmentPki,
  ensureDevelopmentPki,
  loadProfiles,
  type ParsedCertificate,
  PkiError,
  parseCertificate,
} from '@claviger/pki';
import type { Settings } from './config/settings-schema.ts';
import type { DataDirectory } from './data-directory.ts';
import { Failure } from './failure.ts';
import { namesOfThisMachine } from './server-names.ts';

/** What the listeners show, and the files it came from. */
export interface ServerCertificate {
  /** PEM; any chain follows the certificate. */
  readonly cert: string;
  /** PEM: secret. */
  readonly key: string;
  readonly certificate: ParsedCertificate;
  readonly certificatePath: string;
}

/** `certs/` of the project, seen from `src` and from `dist` alike. */
const PROFILES_PATH = fileURLToPath(new URL('../../../certs/profiles.json', import.meta.url));

/**
 * Makes what is missing of the development PKI in the data directory.
 *
 * @throws PkiError
 */
export async function ensurePki(
  settings: Settings['tls'],
  directory: DataDirectory,
  now: () => number,
): Promise<DevelopmentPki> {
  const own = namesOfThisMachine();
  return await ensureDevelopmentPki({
    directory: directory.pkiPath,
    profiles: await loadProfiles(settings.profiles_file ?? PROFILES_PATH),
    serverNames: {
      dns: settings.dns_names ?? own.dns,
      ips: settings.ip_addresses ?? own.ips,
    },
    now,
  });
}

/**
 * The server certificate that the settings name; without one, that of the development PKI.
 *
 * @throws Failure `data`, PkiError.
 */
export async function loadServerCertificate(
  settings: Settings['tls'],
  directory: DataDirectory,
  now: () => number,
): Promise<ServerCertificate> {
  const { certificate_file, key_file } = settings;
  if (certificate_file !== undefined && key_file !== undefined) {
    return await readPair(certificate_file, key_file);
  }
  const { server } = await ensurePki(settings, directory, now);
  return await readPair(server.certificatePath, server.keyPath);
}

async function readPair(certificatePath: string, keyPath: string): Promise<ServerCertificate> {
  const cert = await readText('certificate', certificatePath);
  const key = await readText('private key', keyPath);
  return { cert, key, certificate: parseFirst(certificatePath, cert), certificatePath };
}

async function readText(what: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new Failure('data', `The server's ${what} ${path} cannot be read (${code}).`, { cause });
  }
}

/** The server's own certificate stands first; what follows leads to an authority. */
function parseFirst(path: string, pem: string): ParsedCertificate {
  const end = '-----END CERTIFICATE-----';
  const first = pem.slice(0, pem.indexOf(end) + end.length);
  try {
    return parseCertificate(first);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new PkiError(cause.code, `${path}: ${cause.message}`, { cause });
  }
}
