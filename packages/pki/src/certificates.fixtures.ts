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
