import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CertificateProfile, CertificateProfiles } from './certificate-profile.ts';

export const NOW = Date.UTC(2026, 10, 22, 17, 0, 0);
export const DAY_MS = 24 * 60 * 60 * 1000;

const EC = { algorithm: 'EC', curve: 'P-256' } as const;

export const AUTHORITY: CertificateProfile = {
  subject: { commonName: 'Test CA', organization: 'Claviger' },
  key: EC,
  validityDays: 100,
  keyUsage: ['keyCertSign', 'cRLSign'],
  extendedKeyUsage: [],
};

export const SERVER: CertificateProfile = {
  subject: { commonName: 'Test server', organizationalUnit: 'Tests', organization: 'Claviger' },
  key: { algorithm: 'RSA', bits: 2048 },
  validityDays: 50,
  keyUsage: ['digitalSignature', 'keyEncipherment'],
  extendedKeyUsage: ['serverAuth'],
};

export const CLIENT: CertificateProfile = {
  subject: { commonName: 'Test client' },
  key: EC,
  validityDays: 50,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['clientAuth'],
};

export const PROFILES: CertificateProfiles = {
  certificateAuthority: AUTHORITY,
  server: SERVER,
  client: CLIENT,
};

/** A clock that stands still. */
export const AT_NOW = { now: () => NOW };

/** A directory of its own for the running test, removed with it. */
export function aTemporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'claviger-pki-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Runs the `openssl` command, the second opinion on what this package makes and reads. */
export function openssl(args: readonly string[], input: string | Uint8Array = ''): string {
  return execFileSync('openssl', args, { input, encoding: 'utf8', stdio: 'pipe' });
}

export const hasOpenssl: boolean = (() => {
  try {
    openssl(['version']);
    return true;
  } catch {
    return false; // Tests that need it are skipped, by name.
  }
})();

/**
 * Made by OpenSSL: a subject with a comma, a text direction mark and a part of two values; every kind of
 * alternative name, one of which holds `, DNS:`; an unknown Extended Key Usage.
 */
export const STRANGE_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIICSzCCAfCgAwIBAgIUeDlaFW+lqKXKpChdCyY3GXiOOuowCgYIKoZIzj0EAwIw
QDEZMAgGA1UECwwBeDANBgNVBAoMBkEsIEluYzEQMA4GA1UEAwwHw6nigK4gYjER
MA8GCgmSJomT8ixkARkWAXEwHhcNMjYxMTIyMTcxMjE2WhcNMjYxMjAyMTcxMjE2
WjBAMRkwCAYDVQQLDAF4MA0GA1UECgwGQSwgSW5jMRAwDgYDVQQDDAfDqeKAriBi
MREwDwYKCZImiZPyLGQBGRYBcTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPj5
jfQzYj9O1rlJjLusPzgl0UynOGWF4mrCJd2SISpUQFxWrYvu3pqMvlUpqmCGkDnD
TnwOGh6Dr2NZC382toejgccwgcQwgYgGA1UdEQSBgDB+gglhLmV4YW1wbGWHBAoA
AAGHECABDbgAAAAAAAAAAAAAAAGGDWh0dHBzOi8veC9hLGKBBWFAYi5jpB4wHDEM
MAoGA1UEAwwDZm9vMQwwCgYDVQQKDANiYXKgDQYCKgOgBwwFaGVsbG+IAyoDBYIP
ZXZpbCwgRE5TOm90aGVyMBgGA1UdJQQRMA8GCCsGAQUFBwMCBgMqAwQwHQYDVR0O
BBYEFEUeN9AmTxzN5GzQaKbzmYe+LGERMAoGCCqGSM49BAMCA0kAMEYCIQDRPXrM
H8de7EMEkp7F/WzFElrAP+IyVJZdFReNi8YDcwIhAMgYMVWOHO4vC3HV6xi/HYPQ
46H2Tdz77w1bm+mhklMx
-----END CERTIFICATE-----
`;

/** Made by OpenSSL: no subject, and a Subject Alternative Name without names. */
export const NAMELESS_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBYDCCAQagAwIBAgIUCr88/RmM9wGy5NK6MdKXln9BpfMwCgYIKoZIzj0EAwIw
ADAeFw0yNjExMjIxNzM0NDJaFw0yNjEyMDIxNzM0NDJaMAAwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAR9eLHDO9OHXoJ/ahjdUGzjYYIMLqvw8Y4suQmuY6gik4Y8
CKKeqiTgZt7FhZ4vNgtQ7Oxu7BJYr/FLrX3KFe3Oo14wXDAdBgNVHQ4EFgQUiSPR
QEC00COwTeU54UwC+FMc6h8wHwYDVR0jBBgwFoAUiSPRQEC00COwTeU54UwC+FMc
6h8wDwYDVR0TAQH/BAUwAwEB/zAJBgNVHREEAjAAMAoGCCqGSM49BAMCA0gAMEUC
IQDLmVMs3RKRGXQ0q4BeB3e3ezo0USXEjQX14cwvuGymSAIgSQvidVqo1VD3S/Y6
hJkFfWrrixTpIkX8tJ5/4sJp5WI=
-----END CERTIFICATE-----
`;
