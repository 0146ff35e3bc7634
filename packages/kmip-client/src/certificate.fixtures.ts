/** Self-signed certificates, made by the `openssl` program at run time: no key is ever committed. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** Whether certificates can be made here. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // not installed: the suites that need it are skipped by name
  }
}

/** A certificate that is its own CA, for `localhost` and 127.0.0.1 unless told otherwise. */
export function makeTestCertificate(
  commonName: string,
  subjectAltName = 'DNS:localhost,IP:127.0.0.1',
): TestCertificate {
  const directory = mkdtempSync(join(tmpdir(), 'kmip-client-'));
  try {
    const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const subject = ['-subj', `/CN=${commonName}`, '-addext', `subjectAltName=${subjectAltName}`];
    const files = ['-keyout', keyFile, '-out', certFile, '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'ignore' });
    return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
