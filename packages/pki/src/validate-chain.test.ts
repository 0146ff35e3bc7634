import { beforeAll, describe, expect, it } from 'vitest';
import { buildCertificate, newSerialNumber } from './build-certificate.ts';
import {
  type CertifiedKey,
  createCertificateAuthority,
  issueCertificate,
} from './certificate-authority.ts';
import { AT_NOW, AUTHORITY, CLIENT, DAY_MS, NOW } from './certificates.fixtures.ts';
import { generateKeyPair, importSigningKey } from './key-pair.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { type CertificateChain, validateChain } from './validate-chain.ts';

let root: CertifiedKey;
let between: CertifiedKey;
let below: ParsedCertificate;
let leaf: ParsedCertificate;
let stranger: ParsedCertificate;
beforeAll(async () => {
  root = await createCertificateAuthority({ ...AUTHORITY, validityDays: 300 }, AT_NOW);
  leaf = (await issueCertificate(root, { profile: CLIENT }, AT_NOW)).certificate;
  between = await anAuthorityBelow(root);
  below = (await issueCertificate(between, { profile: CLIENT }, AT_NOW)).certificate;
  stranger = (
    await createCertificateAuthority({ ...AUTHORITY, subject: { commonName: 'Other' } }, AT_NOW)
  ).certificate;
});

/** Which the authorities of this package, of path length 0, do not allow. */
async function anAuthorityBelow(issuer: CertifiedKey): Promise<CertifiedKey> {
  const { publicKeyDer, privateKeyPem } = await generateKeyPair(AUTHORITY.key);
  const der = await buildCertificate(
    {
      serialNumber: newSerialNumber((count) => new Uint8Array(count).fill(7)),
      subject: { commonName: 'Between' },
      publicKeyDer,
      notBefore: NOW,
      notAfter: NOW + 100 * DAY_MS,
      basicConstraints: 'authority',
      keyUsage: ['keyCertSign'],
      extendedKeyUsage: [],
      alternativeNames: [],
    },
    issuer.certificate.der,
    await importSigningKey(issuer.privateKeyPem),
  );
  return { certificate: parseCertificate(der), privateKeyPem };
}

const verdict = (chain: Partial<CertificateChain>) =>
  validateChain({ given: [leaf], held: [root.certificate], at: NOW, ...chain });

/** The certificate with another last byte: in its signature. */
function forged({ der }: ParsedCertificate): ParsedCertificate {
  const bytes = Uint8Array.from(der);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return parseCertificate(bytes);
}

describe('validateChain', () => {
  it('finds a chain valid up to an authority that is held, in any order', () => {
    expect(verdict({})).toBe('valid');
    expect(verdict({ given: [root.certificate, leaf] })).toBe('valid');
    expect(verdict({ given: [leaf, root.certificate, leaf] })).toBe('valid');
    expect(verdict({ given: [root.certificate] })).toBe('valid');
  });

  it('does not know of a chain whose authority nobody holds', () => {
    expect(verdict({ held: [] })).toBe('unknown');
    expect(verdict({ given: [leaf, root.certificate], held: [] })).toBe('unknown');
    expect(verdict({ held: [stranger] })).toBe('unknown');
  });

  it('looks at the time that is asked for', () => {
    expect(verdict({ at: NOW - DAY_MS })).toBe('invalid');
    expect(verdict({ at: NOW + 49 * DAY_MS })).toBe('valid');
    expect(verdict({ at: NOW + 299 * DAY_MS })).toBe('invalid');
    expect(verdict({ given: [root.certificate], at: NOW + 301 * DAY_MS })).toBe('invalid');
  });

  it('finds invalid what was forged, and what is no chain', () => {
    expect(verdict({ given: [forged(leaf)] })).toBe('invalid');
    expect(verdict({ given: [leaf, stranger] })).toBe('invalid');
    expect(verdict({ given: [] })).toBe('invalid');
  });

  it('obeys the path length of an authority', () => {
    expect(verdict({ given: [below, between.certificate] })).toBe('invalid');
    expect(verdict({ given: [between.certificate] })).toBe('valid');
  });
});
