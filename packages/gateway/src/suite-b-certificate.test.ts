import { createSelfSignedCertificate } from '@claviger/pki';
import { describe, expect, it } from 'vitest';
import { assertFitsSuiteB } from './suite-b-certificate.ts';

type Key = Parameters<typeof createSelfSignedCertificate>[0]['profile']['key'];

async function certificateWith(key: Key) {
  const { certificate } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName: 'kmip.example' },
        key,
        validityDays: 30,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: ['serverAuth'],
      },
    },
    { now: Date.now },
  );
  return { certificate, certificatePath: 'pki/server.crt' };
}

const P_256 = { algorithm: 'EC', curve: 'P-256' } as const;
const P_384 = { algorithm: 'EC', curve: 'P-384' } as const;
const RSA = { algorithm: 'RSA', bits: 2048 } as const;

describe('a listener for Suite B', () => {
  it.each([
    ['minLOS_128', P_256],
    ['minLOS_128', P_384],
    ['minLOS_192', P_384],
    [undefined, RSA],
  ] as const)('%s: takes a server key of %o', async (suite_b, key) => {
    const certificate = await certificateWith(key);
    expect(() => assertFitsSuiteB([{ suite_b }], certificate)).not.toThrow();
  });

  it.each([
    ['minLOS_128', RSA, /suite_b is minLOS_128.*P-256 or P-384.*server\.crt is another \(rsa\)/],
    ['minLOS_192', P_256, /suite_b is minLOS_192.*on P-384; .*another \(P-256\)/],
  ] as const)('%s: refuses a server key of %o, and says what to do', async (level, key, words) => {
    const certificate = await certificateWith(key);
    const listeners = [{ suite_b: undefined }, { suite_b: level }];
    expect(() => assertFitsSuiteB(listeners, certificate)).toThrow(words);
  });
});
