/**
 * Keeps the certificate of the servers good while they run: renews the one that was made here, and puts
 * another one in its place when its files change. Connections that are open go on.
 */
import { stat } from 'node:fs/promises';
import { certificateValidityAt, colonForm, type ServerCertificateNeed } from '@claviger/pki';
import type { DataDirectory } from './data-directory.ts';
import { Failure } from './failure.ts';
import { readPemPair } from './pem-pair.ts';
import {
  type CertificateSettings,
  isMadeHere,
  isWorthRenewing,
  needOf,
  renewMadeHere,
  type ServerCertificate,
} from './server-certificate.ts';

export interface ServerCertificateKeeper {
  current(): ServerCertificate;
  /**
   * Reads the files, also when they look unchanged; before that, renews a certificate that was made
   * here and lacks a stated name or ends soon. Never throws: what is broken is in the log, and the old
   * certificate stays.
   */
  reload(): Promise<void>;
  /** Reads the files when they have changed, and are the same as at the last look. Never throws. */
  look(): Promise<void>;
  /** Renews a certificate that was made here and ends soon. Never throws. */
  renewWhenDue(): Promise<void>;
}

export interface KeeperDeps {
  readonly directory: DataDirectory;
  now(): number;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  /** Puts it into the listeners, and records that. */
  onReplaced(next: ServerCertificate, previous: ServerCertificate): Promise<void>;
}

export function createServerCertificateKeeper(
  settings: CertificateSettings,
  first: ServerCertificate,
  deps: KeeperDeps,
): ServerCertificateKeeper {
  const { directory, log, now } = deps;
  let current = first;
  /** What the files looked like when they were read last; a broken pair is complained of once. */
  let seen = lookOf(first);
  /** What they look like since the last look: whoever writes two files is given time for both. */
  let changing: string | undefined;
  let queue: Promise<void> = Promise.resolve();

  /** One after the other: a signal may come while the files are being looked at. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    queue = queue.then(work).catch((error: unknown) => {
      const message = 'the server certificate was not replaced: the old one stays';
      log.error({ err: error, reason: reasonOf(error) }, message);
    });
    return queue;
  }

  async function read(): Promise<void> {
    seen = lookOf(current);
    await seen;
    const { certificatePath, keyPath } = current;
    const next = await readPemPair('server', { certificatePath, keyPath }, 'owner-and-group');
    if (next.cert === current.cert && next.key === current.key) return;
    if (certificateValidityAt(next.certificate, now()) === 'expired') {
      throw new Failure('data', `The certificate ${next.certificatePath} has expired.`);
    }
    const previous = current;
    await deps.onReplaced(next, previous);
    current = next;
    log.info(certificateFields(next), 'the server certificate was replaced');
  }

  /** Renews what lacks something and can be mended. */
  async function renewFor(need: ServerCertificateNeed): Promise<void> {
    if (need !== 'names-missing' && !(await isWorthRenewing(current, settings, directory, now))) {
      throw new Failure(
        'data',
        'The authority in pki/ca.crt ends with the certificate, so that a new one would live no longer. Move the directory pki/ away and restart: the authority and the certificate are made anew, and clients must trust that.',
      );
    }
    await renewMadeHere(settings, directory, now);
    log.warn(
      { path: current.certificatePath },
      'the server certificate was renewed with the same key: clients that trust the certificate itself, such as vCenter, must trust the new one',
    );
  }

  return {
    current: () => current,
    reload: () =>
      inTurn(async () => {
        const need = isMadeHere(settings) ? needOf(current, settings, now()) : 'nothing';
        if (need !== 'nothing') await renewFor(need);
        await read();
      }),
    look: () =>
      inTurn(async () => {
        const look = await lookOf(current);
        const isSteady = look === changing;
        changing = look;
        if (look !== (await seen) && isSteady) await read();
      }),
    renewWhenDue: () =>
      inTurn(async () => {
        if (!isMadeHere(settings) || !settings.tls.renew) return;
        const need = needOf(current, settings, now());
        if (need !== 'expires-soon' && need !== 'expired') return;
        await renewFor(need);
        await read();
      }),
  };
}

/** What is told of a certificate in the log: fingerprints in the form that vCenter and openssl show. */
export function certificateFields({ certificate, certificatePath }: ServerCertificate): object {
  return {
    path: certificatePath,
    subject: certificate.subject,
    names: certificate.subjectAlternativeNames.map(({ value }) => value),
    sha1: colonForm(certificate.fingerprintSha1),
    sha256: colonForm(certificate.fingerprintSha256),
    notAfter: new Date(certificate.notAfter).toISOString(),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}

/** Changes when one of the files does; a link that points elsewhere counts. */
async function lookOf({ certificatePath, keyPath }: ServerCertificate): Promise<string> {
  const looks = await Promise.all(
    [certificatePath, keyPath].map(async (path) => {
      try {
        const { dev, ino, size, mtimeMs, ctimeMs } = await stat(path);
        return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
      } catch {
        return 'missing';
      }
    }),
  );
  return looks.join(', ');
}
