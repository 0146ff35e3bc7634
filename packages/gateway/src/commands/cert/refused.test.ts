import { readFile } from 'node:fs/promises';
import { createKmipClient } from '@claviger/kmip-client';
import { type CertifiedKey, createSelfSignedCertificate } from '@claviger/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
} from '../../gateway.fixtures.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
let gateway: RunningGateway;
let stranger: CertifiedKey;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
  gateway = await aRunningGateway(directory);
  stranger = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName: 'stranger' },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays: 2,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: ['serverAuth'],
      },
    },
    { now: Date.now },
  );
});
afterAll(async () => {
  await gateway.stop();
  await directory.remove();
});

/** One connection with the certificate of the stranger. */
async function connect(): Promise<string> {
  const { pki, kmip } = gateway.report;
  const client = createKmipClient({
    ...kmip,
    tls: {
      ca: await readFile(pki.caCertificate),
      cert: stranger.certificate.pem,
      key: stranger.privateKeyPem,
    },
  });
  try {
    return await client.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] });
  } finally {
    await client.close();
  }
}

describe('refused certificates', () => {
  it('are listed, and let in by the very next connection once they are trusted', async () => {
    expect(JSON.parse((await gateway.command('cert', 'refused', '--json')).out)).toEqual([]);
    expect((await gateway.command('cert', 'refused')).out).toBe(
      'No refused certificate is on the list.\n',
    );
    await expect(connect()).rejects.toMatchObject({ name: 'KmipClientError' });
    const { fingerprintSha256, fingerprintSha1 } = stranger.certificate;
    await expect
      .poll(async () => JSON.parse((await gateway.command('cert', 'refused', '--json')).out), {
        timeout: 15_000,
      })
      .toMatchObject([
        {
          fingerprintSha256,
          fingerprintSha1,
          subject: 'CN=stranger',
          reason: 'The client certificate is not registered with any adapter.',
          address: expect.stringMatching(/127\.0\.0\.1$/),
        },
      ]);
    const shown = await gateway.command('cert', 'refused');
    const [, sha256 = ''] = /SHA-256 +(\S+)/.exec(shown.out) ?? [];

    const trusted = await gateway.command('cert', 'trust', sha256, '--adapter', 'vcenter');
    expect(trusted).toMatchObject({ code: 0, err: '' });
    expect(trusted.out).toMatch(/^Trusted certificate stranger as a client of adapter vcenter\./);
    expect(trusted.out).toMatch(/Warning +[Ii]ts Extended Key Usage \(serverAuth\) does not name/);
    expect(await connect()).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse((await gateway.command('cert', 'refused', '--json')).out)).toEqual([]);
  });

  it.each(['a'.repeat(64), 'no fingerprint'])('must have been refused: %s', async (which) => {
    expect(await gateway.command('cert', 'trust', which, '--adapter', 'vcenter')).toMatchObject({
      code: 5,
      err: expect.stringMatching(/was refused; .* \(REFUSED_CERT_NOT_FOUND_ERR\)/),
    });
  });
});
