/** Keys and certificates made by OpenSSL, as vCenter and its authority make theirs. */

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Identity } from './gateway-client.ts';

const run = promisify(execFile);
const NEW_KEY = ['-newkey', 'rsa:2048', '-noenc', '-sha256'] as const;

/** Runs `openssl`. @returns What it wrote. @throws Error with what it complained of. */
export async function openssl(...args: readonly string[]): Promise<string> {
  return (await run('openssl', args)).stdout;
}

/** Paths of PEM files. */
export interface KeyPairFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Reads both, also where they are one file. */
export async function identityIn({ certificate, key }: KeyPairFiles): Promise<Identity> {
  return { cert: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') };
}

/** SHA-256 of a certificate as `openssl x509 -fingerprint` has it, lower-case and without colons. */
export function fingerprintSha256(path: string): Promise<string> {
  return fingerprint(path, '-sha256');
}

/** The same by SHA-1. */
export function fingerprintSha1(path: string): Promise<string> {
  return fingerprint(path, '-sha1');
}

async function fingerprint(path: string, algorithm: string): Promise<string> {
  const line = await openssl('x509', '-in', path, '-noout', '-fingerprint', algorithm);
  return line
    .slice(line.indexOf('=') + 1)
    .trim()
    .replaceAll(':', '')
    .toLowerCase();
}

/** As vCenter makes for itself: self-signed, no authority, without Extended Key Usage. */
export function makeSelfSigned(directory: string, commonName: string): Promise<KeyPairFiles> {
  const extensions = 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature,keyEncipherment';
  return selfSigned(directory, commonName, extensions);
}

/** A root that issues certificates. */
export function makeAuthority(directory: string, commonName: string): Promise<KeyPairFiles> {
  const extensions = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign';
  return selfSigned(directory, commonName, extensions);
}

async function selfSigned(
  directory: string,
  commonName: string,
  extensions: string,
): Promise<KeyPairFiles> {
  const files = filesOf(directory, commonName);
  const config = join(directory, `${commonName}.cnf`);
  await writeFile(
    config,
    `[req]\nprompt=no\ndistinguished_name=subject\nx509_extensions=extensions\n` +
      `[subject]\nCN=${commonName}\nO=VMware\n[extensions]\n${extensions}\n`,
  );
  const out = ['-keyout', files.key, '-out', files.certificate];
  await openssl('req', '-x509', ...NEW_KEY, '-days', '3650', '-config', config, ...out);
  return files;
}

export interface CertificateRequest {
  readonly request: string;
  readonly key: string;
}

/** A signing request, and the key that stays with its maker. */
export async function makeRequest(
  directory: string,
  commonName: string,
): Promise<CertificateRequest> {
  const { key } = filesOf(directory, commonName);
  const request = join(directory, `${commonName}.csr`);
  const subject = ['-subj', `/CN=${commonName}/O=VMware`];
  await openssl('req', '-new', ...NEW_KEY, ...subject, '-keyout', key, '-out', request);
  return { request, key };
}

/** A certificate of an authority, without Extended Key Usage. */
export async function makeIssued(
  directory: string,
  authority: KeyPairFiles,
  commonName: string,
): Promise<KeyPairFiles> {
  const { request, key } = await makeRequest(directory, commonName);
  const { certificate } = filesOf(directory, commonName);
  const signer = ['-CA', authority.certificate, '-CAkey', authority.key, '-CAcreateserial'];
  const options = ['-days', '730', '-sha256', '-out', certificate];
  await openssl('x509', '-req', '-in', request, ...signer, ...options);
  return { certificate, key };
}

function filesOf(directory: string, commonName: string): KeyPairFiles {
  return {
    certificate: join(directory, `${commonName}.crt`),
    key: join(directory, `${commonName}.key`),
  };
}
