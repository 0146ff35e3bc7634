/** An authority, a certificate for `localhost` and one for a client, made with the `openssl` command. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificates {
  readonly ca: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
}

export function makeCertificates(): TestCertificates {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-certificates-'));
  const path = (name: string) => join(directory, name);

  function make(name: string, ...extra: string[]) {
    const keyArgs = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)];
    execFileSync(
      'openssl',
      ['req', '-x509', ...keyArgs, ...files, '-days', '2', '-subj', `/CN=${name}`, ...extra],
      { stdio: 'ignore' },
    );
    return {
      certificate: readFileSync(path(`${name}.crt`), 'utf8'),
      key: readFileSync(path(`${name}.key`), 'utf8'),
    };
  }

  try {
    const ca = make('authority', '-addext', 'basicConstraints=critical,CA:true');
    const byCa = ['-CA', path('authority.crt'), '-CAkey', path('authority.key')];
    const leaf = [...byCa, '-addext', 'basicConstraints=critical,CA:false'];
    const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
    return {
      ca: ca.certificate,
      server: make('localhost', ...leaf, '-addext', names),
      client: make('claviger', ...leaf),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
