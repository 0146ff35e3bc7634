/** What OpenSSL finds in a PKCS#12 file. */

import { writeFile } from 'node:fs/promises';
import { type KeyPairFiles, openssl } from '../openssl.ts';

/** Checks the MAC and takes certificate and key out, into files beside it. */
export async function unpackPkcs12(file: string, password: string): Promise<KeyPairFiles> {
  const passwordFile = `${file}.password`;
  await writeFile(passwordFile, password);
  const open = ['pkcs12', '-in', file, '-passin', `file:${passwordFile}`];
  const files = { certificate: `${file}.crt`, key: `${file}.key` };
  await openssl(...open, '-clcerts', '-nokeys', '-out', files.certificate);
  await openssl(...open, '-nocerts', '-noenc', '-out', files.key);
  return files;
}
