import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  aForeignCertificate,
  anEcKey,
  anRsaKey,
  derOf,
  replaced,
} from './certificate-requests.fixtures.ts';
import { hasOpenssl, openssl, STRANGE_CERTIFICATE } from './certificates.fixtures.ts';
import { parseCertificate } from './parse-certificate.ts';

const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');

/** The stored certificate with another algorithm of the same length, in both places. */
function withAlgorithm(oid: string): Uint8Array {
  const other = Buffer.from(oid, 'hex');
  const once = replaced(derOf(STRANGE_CERTIFICATE), ECDSA_WITH_SHA256, other);
  return replaced(once, ECDSA_WITH_SHA256, other);
}

describe('the signature algorithm of a certificate', () => {
  const rsa = anRsaKey();
  const pss = ['-sigopt', 'rsa_padding_mode:pss'];

  it.skipIf(!hasOpenssl).each<[string, () => KeyObject, string[], string, string | undefined]>([
    ['sha256WithRSAEncryption', () => rsa, [], 'rsa', 'sha256'],
    ['sha512WithRSAEncryption', () => rsa, ['-sha512'], 'rsa', 'sha512'],
    ['sha1WithRSAEncryption', () => rsa, ['-sha1'], 'rsa', 'sha1'],
    ['md5WithRSAEncryption', () => rsa, ['-md5'], 'rsa', 'md5'],
    ['RSA-SHA3-256', () => rsa, ['-sha3-256'], 'rsa', 'sha3-256'],
    ['rsassaPss', () => rsa, [...pss, '-sha384'], 'rsa-pss', 'sha384'],
    ['rsassaPss', () => rsa, [...pss, '-sha1'], 'rsa-pss', 'sha1'],
    ['ecdsa-with-SHA384', () => anEcKey(), ['-sha384'], 'ecdsa', 'sha384'],
    ['ecdsa-with-SHA1', () => anEcKey(), ['-sha1'], 'ecdsa', 'sha1'],
    ['ED25519', () => generateKeyPairSync('ed25519').privateKey, [], 'eddsa', undefined],
  ])(
    'is named as OpenSSL names it: %s (needs the openssl command)',
    (name, makeKey, args, scheme, hash) => {
      const pem = aForeignCertificate(makeKey(), ...args);
      const { signatureAlgorithm } = parseCertificate(pem);
      expect(signatureAlgorithm).toMatchObject({ name, scheme });
      expect(signatureAlgorithm.hash).toBe(hash);
      expect(openssl(['x509', '-noout', '-text'], pem)).toContain(`Signature Algorithm: ${name}`);
    },
  );

  it('is given by its number when it is not known', () => {
    expect(parseCertificate(withAlgorithm('06082a811ccf55018375')).signatureAlgorithm).toEqual({
      oid: '1.2.156.10197.1.501',
      name: '1.2.156.10197.1.501',
      scheme: 'unknown',
    });
  });
});
