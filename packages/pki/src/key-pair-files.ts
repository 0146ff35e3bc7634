/**
 * A certificate and its key as two files, `<name>.crt` and `<name>.key`. What exists is never lost: a key
 * is never overwritten, as it may be the only copy, and a certificate that is replaced keeps a name.
 */

import { X509Certificate } from 'node:crypto';
import { type FileHandle, link, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CertifiedKey } from './certificate-authority.ts';
import { PkiError } from './error.ts';
import { readPrivateKey } from './key-pair.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { MAX_CERTIFICATE_INPUT_BYTES } from './pem-or-der.ts';

export interface KeyPairPaths {
  readonly certificatePath: string;
  readonly keyPath: string;
}

const CERTIFICATE_MODE = 0o644;
const KEY_MODE = 0o600;

export function keyPairPaths(directory: string, name: string): KeyPairPaths {
  return {
    certificatePath: join(directory, `${name}.crt`),
    keyPath: join(directory, `${name}.key`),
  };
}

/**
 * Reads a pair and checks that its halves belong together. Answers undefined when neither is there.
 *
 * @throws PkiError `incomplete-pair`, `mismatched-pair`, `inaccessible`, or what `parseCertificate`
 * says, with the path.
 */
export async function readKeyPair(paths: KeyPairPaths): Promise<CertifiedKey | undefined> {
  const { certificatePath, keyPath } = paths;
  const certificateText = await readFileIfThere(certificatePath);
  const privateKeyPem = await readFileIfThere(keyPath);
  if (certificateText === undefined && privateKeyPem === undefined) {
    return undefined;
  }
  if (certificateText === undefined || privateKeyPem === undefined) {
    const [there, missing] =
      privateKeyPem === undefined ? [certificatePath, keyPath] : [keyPath, certificatePath];
    throw new PkiError(
      'incomplete-pair',
      `${there} is there but ${missing} is missing; restore that, or move ${there} away to have a new pair made`,
    );
  }
  const certificate = parseCertificateFile(certificatePath, certificateText);
  const key = readPrivateKey(privateKeyPem, keyPath);
  if (!new X509Certificate(certificate.der).checkPrivateKey(key)) {
    throw new PkiError(
      'mismatched-pair',
      `${keyPath} is not the key of ${certificatePath}; restore the right one, or move both away`,
    );
  }
  return { certificate, privateKeyPem };
}

/**
 * Writes a new pair: the key with mode 0600, each file complete or not there at all, on the disk when
 * this returns.
 *
 * @throws PkiError `inaccessible`, also when one of the files exists by now.
 */
export async function writeKeyPair(paths: KeyPairPaths, pair: CertifiedKey): Promise<void> {
  const files = [
    { path: paths.keyPath, content: pair.privateKeyPem, mode: KEY_MODE },
    { path: paths.certificatePath, content: pair.certificate.pem, mode: CERTIFICATE_MODE },
  ];
  const directory = dirname(paths.keyPath);
  // A name of its own for each writer, so that two starts at once cannot mix their files.
  const workplace = await accessing('write', directory, () => mkdtemp(join(directory, '.new-')));
  try {
    // Both are on the disk before either has its name, so a crash hardly ever leaves one alone.
    for (const { path, content, mode } of files) {
      await accessing('write', path, () =>
        writeDurably(join(workplace, basename(path)), content, mode),
      );
    }
    for (const { path } of files) {
      // A link, not a rename: it fails when the name is taken.
      await accessing('write', path, () => link(join(workplace, basename(path)), path));
    }
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
}

/**
 * Replaces the certificate of a pair; its key stays as it is. At each moment the name holds either the
 * old certificate or the new one, whole, and the old one stays under `previousPath`, on the disk when
 * this returns.
 *
 * @throws PkiError `inaccessible`, also when `previousPath` holds something else already.
 */
export async function replaceCertificate(
  { certificatePath }: KeyPairPaths,
  previous: ParsedCertificate,
  previousPath: string,
  next: ParsedCertificate,
): Promise<void> {
  const directory = dirname(certificatePath);
  const workplace = await accessing('write', directory, () => mkdtemp(join(directory, '.new-')));
  try {
    const newPath = join(workplace, basename(certificatePath));
    await accessing('write', certificatePath, async () => {
      await writeDurably(newPath, next.pem, CERTIFICATE_MODE);
      await keepAs(previousPath, certificatePath, previous);
      await syncDirectory(directory); // The second name is safe before the first one goes.
      await rename(newPath, certificatePath);
    });
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
  await syncDirectory(directory);
}

/** Gives the certificate a second name. It may have it already, when a replacement was interrupted. */
async function keepAs(path: string, from: string, certificate: ParsedCertificate): Promise<void> {
  try {
    await link(from, path);
  } catch (error) {
    const kept =
      systemErrorCode(error) === 'EEXIST'
        ? await accessing('read', path, () => readFileIfThere(path))
        : undefined;
    if (kept !== certificate.pem) {
      throw error;
    }
  }
}

/** Makes new names in a directory survive a power loss. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') {
    return; // Directories cannot be opened there; NTFS journals the name itself.
  }
  await accessing('write', path, async () => {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

/** Runs `work`; what the operating system refuses becomes an `inaccessible` that names the path. */
export async function accessing<T>(
  action: 'read' | 'write',
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof PkiError) {
      throw cause;
    }
    throw new PkiError(
      'inaccessible',
      `cannot ${action} ${path}: ${systemErrorCode(cause) ?? 'unknown error'}`,
      { cause },
    );
  }
}

async function writeDurably(path: string, content: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseCertificateFile(path: string, text: string): ParsedCertificate {
  try {
    return parseCertificate(text);
  } catch (cause) {
    if (cause instanceof PkiError) {
      throw new PkiError(cause.code, `${path}: ${cause.message}`, { cause });
    }
    throw cause;
  }
}

async function readFileIfThere(path: string): Promise<string | undefined> {
  return await accessing('read', path, async () => {
    let handle: FileHandle;
    try {
      handle = await open(path, 'r');
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
    try {
      const { size } = await handle.stat();
      if (size > MAX_CERTIFICATE_INPUT_BYTES) {
        throw new PkiError(
          'too-large',
          `${path} has ${size} bytes, at most ${MAX_CERTIFICATE_INPUT_BYTES} are expected`,
        );
      }
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  });
}

function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
