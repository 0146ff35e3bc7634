import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openssl } from './certificates.fixtures.ts';

export const SUBJECT = '/C=US/O=Example/CN=vcenter.example.com';

/** How `ParsedCertificate.subject` shows it. */
export const SUBJECT_LINE = 'CN=vcenter.example.com,O=Example,C=US';

export const anRsaKey = (modulusLength = 2048): KeyObject =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey;

export const anEcKey = (namedCurve = 'prime256v1'): KeyObject =>
  generateKeyPairSync('ec', { namedCurve }).privateKey;

export const pemOf = (key: KeyObject): string =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A signing request, PEM, made by `openssl req`. */
export function aRequest(key: KeyObject, ...args: readonly string[]): string {
  const subject = args.includes('-subj') ? [] : ['-subj', SUBJECT];
  const directory = mkdtempSync(join(tmpdir(), 'claviger-pki-'));
  try {
    const keyPath = join(directory, 'key.pem');
    writeFileSync(keyPath, pemOf(key));
    return openssl(['req', '-new', '-utf8', '-key', keyPath, ...subject, ...args]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A self-signed certificate, PEM, made by `openssl req -x509`, without extensions but for `args`. */
export function aForeignCertificate(key: KeyObject, ...args: readonly string[]): string {
  return aRequest(key, '-x509', '-days', '30', ...args);
}

export function derOf(pem: string): Uint8Array {
  return new Uint8Array(Buffer.from(pem.replace(/-----[^-]*-----|\s/g, ''), 'base64'));
}

/** The bytes with those of `from`, which stand in it once, replaced by as many others. */
export function replaced(
  bytes: Uint8Array,
  from: string | Uint8Array,
  to: string | Uint8Array,
): Uint8Array {
  const result = Buffer.from(bytes);
  Buffer.from(to).copy(result, result.indexOf(Buffer.from(from)));
  return new Uint8Array(result);
}

/** Made by OpenSSL: EC P-256, and a wish for alternative names of every kind that is issued. */
export const STORED_REQUEST = `-----BEGIN CERTIFICATE REQUEST-----
MIIBhjCCAS0CAQAwPTELMAkGA1UEBhMCVVMxEDAOBgNVBAoMB0V4YW1wbGUxHDAa
BgNVBAMME3ZjZW50ZXIuZXhhbXBsZS5jb20wWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAS03/nXJ/BiX1bPHQjEnAvdwY4eJcHEe3zavxW9pzTF1BKZ76Xo9S6Jvz0F
7NgzDrLGWMt6K6fXVpIbX/2U4dyyoIGNMIGKBgkqhkiG9w0BCQ4xfTB7MFMGA1Ud
EQRMMEqCE3ZjZW50ZXIuZXhhbXBsZS5jb22HBAoAAAGHECABDbgAAAAAAAAAAAAA
AAGBD2ttc0BleGFtcGxlLmNvbYYKdXJuOnV1aWQ6MTATBgNVHSUEDDAKBggrBgEF
BQcDATAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIAqiSLxZy46h
30Qk6m0gMZgZE+vkD7W5gGaKBUVMw1LBAiBRSh2Uj04+qvmNw3dki9jmB9oBuKaJ
ObTpcZ3+ltPz2Q==
-----END CERTIFICATE REQUEST-----
`;
