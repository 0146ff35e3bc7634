/** What becomes of clients that are not known, no longer known, or out of date. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KmipClientError } from '@claviger/kmip-client';
import { createSelfSignedCertificate } from '@claviger/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, type Identity } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import * as vcenter from '../openssl.ts';
import { apiOperator } from './api-operator.ts';
import { cliOperator } from './cli-operator.ts';
import type { Operator, RefusedEntry } from './operator.ts';

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
/** A refusal is recorded a moment after the connection is gone. */
const POLL = { timeout: 15_000, interval: 300 };
const DAY_MS = 86_400_000;

describe.each([
  { way: 'the API', operatorOf: apiOperator },
  { way: 'the command line', operatorOf: cliOperator },
])('a client that was refused, seen by $way,', { timeout: 180_000 }, ({ operatorOf }) => {
  let gateway: GatewayProcess;
  let operator: Operator;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'claviger-refused-'));
    gateway = await startGateway();
    operator = await operatorOf(gateway);
    await operator.createAdapter('vc');
  });
  afterAll(async () => {
    await gateway?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function createKey(identity: Identity): Promise<string> {
    const kmip = clientOf(gateway, identity);
    try {
      return await kmip.create(KEY);
    } finally {
      await kmip.close();
    }
  }

  const expectRefusal = (request: Promise<unknown>) =>
    expect(request).rejects.toBeInstanceOf(KmipClientError);

  async function entryOf(fingerprint: string): Promise<RefusedEntry | undefined> {
    const entries = await operator.refusedCertificates();
    return entries.find(({ fingerprintSha256 }) => fingerprintSha256 === fingerprint);
  }

  it('is in the list with all that tells who it is, and is let in at once when it is trusted', async () => {
    const files = await vcenter.makeSelfSigned(directory, 'kmipClient20261122');
    const identity = await vcenter.identityIn(files);
    const sha256 = await vcenter.fingerprintSha256(files.certificate);
    const sha1 = await vcenter.fingerprintSha1(files.certificate);
    const start = Date.now();
    await expectRefusal(createKey(identity));

    await expect
      .poll(() => entryOf(sha256), POLL)
      .toMatchObject({
        subject: expect.stringContaining('CN=kmipClient20261122'),
        fingerprintSha1: sha1,
        address: '127.0.0.1',
        reason: 'The client certificate is not registered with any adapter.',
        attempts: 1,
      });
    const entry = await entryOf(sha256);
    // Times of the API are whole seconds.
    expect(Date.parse(entry?.lastAt ?? '')).toBeGreaterThan(start - 1000);
    expect(Date.parse(entry?.lastAt ?? '')).toBeLessThanOrEqual(Date.now());

    await operator.trust(sha1, 'vc');
    expect(await createKey(identity)).toMatch(/./);
    expect(await entryOf(sha256)).toBeUndefined();
  });

  it('is refused at its next request on an open connection once its certificate is removed', async () => {
    const files = await vcenter.makeSelfSigned(directory, 'leaver');
    await operator.createAdapter('left');
    await operator.addCertificate('left', files.certificate);
    const kmip = clientOf(gateway, await vcenter.identityIn(files));
    try {
      const id = await kmip.create(KEY);

      await operator.removeCertificate('left');

      await expectRefusal(kmip.get(id));
      await expectRefusal(kmip.get(id));
    } finally {
      await kmip.close();
    }
    const sha256 = await vcenter.fingerprintSha256(files.certificate);
    await expect
      .poll(() => entryOf(sha256), POLL)
      .toMatchObject({ reason: expect.stringMatching(/removed|not registered/) });
  });

  it('is told to have expired, on an open connection and on a new one', async () => {
    const { identity, fingerprint, path, notAfter } = await makeExpiring(directory, 20_000);
    await operator.createAdapter('old');
    await operator.addCertificate('old', path);
    const kmip = clientOf(gateway, identity);
    try {
      const id = await kmip.create(KEY);

      await delay(notAfter - Date.now() + 1500);

      await expectRefusal(kmip.get(id));
    } finally {
      await kmip.close();
    }
    await expectRefusal(createKey(identity));
    await expect
      .poll(() => entryOf(fingerprint), POLL)
      .toMatchObject({ reason: 'The client certificate has expired.' });
  });
});

/** A certificate of one day, which has passed but for this many milliseconds. */
async function makeExpiring(directory: string, leftMs: number) {
  const { certificate, privateKeyPem } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName: 'short-lived' },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays: 1,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
    },
    { now: () => Date.now() - DAY_MS + leftMs },
  );
  const path = join(directory, 'short-lived.crt');
  await writeFile(path, certificate.pem);
  return {
    identity: { cert: certificate.pem, key: privateKeyPem },
    fingerprint: certificate.fingerprintSha256,
    path,
    notAfter: certificate.notAfter,
  };
}
