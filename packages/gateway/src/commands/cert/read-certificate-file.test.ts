import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CertifiedKey, createSelfSignedCertificate, encodePkcs12 } from '@claviger/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AMBIENT, run } from '../../gateway.fixtures.ts';
import { REQUEST_PEM } from '../certificate-request.fixtures.ts';

let folder: string;
let client: CertifiedKey;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claviger-certificate-'));
  const profile = {
    subject: { commonName: 'client' },
    key: { algorithm: 'EC', curve: 'P-256' },
    validityDays: 2,
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: [],
  } as const;
  client = await createSelfSignedCertificate({ profile }, { now: Date.now });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function derOf(pem: string): Uint8Array {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
}

/** There is no data directory: what is wrong with the file is said before anything is asked. */
async function addFile(content: string | Uint8Array) {
  const file = join(folder, 'given.pem');
  await writeFile(file, content);
  const args = ['cert', 'add', 'vcenter', file, '--data-dir', join(folder, 'nowhere')];
  return await run(args, { workingDirectory: folder });
}

describe('the file of a certificate', () => {
  const advice = {
    key: /this holds a private key; .*BEGIN CERTIFICATE/,
    request: /this is a certificate signing request, .*claviger cert sign/,
    pkcs12: /this is a PKCS#12 file, .*openssl pkcs12 -in \S+given\.pem -clcerts -nokeys/,
    several: /there are 2 certificates in this text.*openssl x509 -in/,
    nothing: /neither PEM nor DER of a certificate|this is no certificate/,
  };
  it.each<[string, () => string | Uint8Array | Promise<Uint8Array>, RegExp]>([
    ['a private key', () => client.privateKeyPem, advice.key],
    ['both of a pair', () => client.privateKeyPem + client.certificate.pem, advice.key],
    ['a request', () => REQUEST_PEM, advice.request],
    ['a request in DER', () => derOf(REQUEST_PEM), advice.request],
    [
      'a PKCS#12 file',
      () =>
        encodePkcs12(
          { ...client, chain: [], password: 'long enough', friendlyName: 'client' },
          { randomBytes: AMBIENT.randomness.bytes },
        ),
      advice.pkcs12,
    ],
    ['a chain', () => client.certificate.pem.repeat(2), advice.several],
    ['a text', () => 'certificate: see attachment', advice.nothing],
    ['some bytes', () => new Uint8Array([0x30, 3, 1, 2, 3]), advice.nothing],
  ])('is refused when it is %s, with what to do, and nothing of it', async (_what, make, words) => {
    const refused = await addFile(await make());
    expect(refused).toMatchObject({ code: 3, out: '', err: expect.stringMatching(words) });
    const secret = client.privateKeyPem.split('\n')[1] ?? '-';
    expect(refused.err).not.toContain(secret);
  });

  it.each<[string, () => string | Uint8Array]>([
    ['PEM', () => client.certificate.pem],
    ['DER', () => client.certificate.der],
    ['PEM with text around it', () => `Certificate:\n  Data\n${client.certificate.pem}\nbye\n`],
  ])('is taken as %s', async (_what, make) => {
    expect((await addFile(make())).err).toMatch(/There is no Claviger in /);
  });
});
