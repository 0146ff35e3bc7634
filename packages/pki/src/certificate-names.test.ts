import { describe, expect, it } from 'vitest';
import { createSelfSignedCertificate } from './certificate-authority.ts';
import { certificateNames } from './certificate-names.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('certificateNames', () => {
  it('reads names and serial number, as text and as they are encoded', async () => {
    const { certificate } = await createSelfSignedCertificate(
      {
        profile: {
          subject: { commonName: 'vc', organization: 'Example' },
          key: { algorithm: 'EC', curve: 'P-256' },
          validityDays: 30,
          keyUsage: ['digitalSignature'],
          extendedKeyUsage: [],
        },
      },
      { now: Date.now },
    );
    const names = certificateNames(certificate.der);
    expect(names.subject.text).toBe(certificate.subject);
    expect(names.subject.attributes).toContainEqual({ type: 'CN', value: 'vc' });
    expect(hex(names.subject.der)).toMatch(/^30.*0c027663/);
    expect(names.issuer.der).toEqual(names.subject.der);
    expect(names.serialNumber).toBe(certificate.serialNumber.toUpperCase());
    expect(hex(names.serialNumberDer)).toMatch(
      new RegExp(`^02..(?:00)?${certificate.serialNumber}$`),
    );
    expect(names.signatureAlgorithm.name).toBe('ecdsa-with-SHA256');
  });

  it('refuses bytes that are no certificate', () => {
    expect(() => certificateNames(Uint8Array.of(1, 2, 3))).toThrow();
  });
});
