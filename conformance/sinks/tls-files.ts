/** An authority, a server's and a client's certificate, in files as programs take them. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CertificateProfile,
  createCertificateAuthority,
  issueCertificate,
} from '@claviger/pki';
import type { TlsFiles } from './sink-config.ts';

const deps = { now: Date.now };
const leaf = (commonName: string): CertificateProfile => ({
  subject: { commonName },
  key: { algorithm: 'EC', curve: 'P-256' },
  validityDays: 2,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [],
});

export async function makeTlsFiles(
  directory: string,
): Promise<{ readonly server: TlsFiles; readonly client: TlsFiles }> {
  const authority = await createCertificateAuthority(
    { ...leaf('Conformance authority'), keyUsage: ['keyCertSign', 'cRLSign'] },
    deps,
  );
  const ca = join(directory, 'ca.pem');
  writeFileSync(ca, authority.certificate.pem);

  async function issue(name: string, dnsNames: readonly string[]): Promise<TlsFiles> {
    const request = { profile: leaf(name), dnsNames };
    const issued = await issueCertificate(authority, request, deps);
    const files = {
      ca,
      certificate: join(directory, `${name}.pem`),
      key: join(directory, `${name}.key`),
    };
    writeFileSync(files.certificate, issued.certificate.pem);
    writeFileSync(files.key, issued.privateKeyPem, { mode: 0o600 });
    return files;
  }

  return { server: await issue('localhost', ['localhost']), client: await issue('claviger', []) };
}
