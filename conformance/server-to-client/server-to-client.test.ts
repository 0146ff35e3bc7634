/** A client that we did not write the protocol of is put keys and notified, also when it was away. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createSelfSignedCertificate } from '@claviger/pki';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { freePort } from '../sinks/free-port.ts';

const PROGRAM = fileURLToPath(new URL('receive.py', import.meta.url));
const TIMEOUT_MS = 120_000;

const Told = z.object({
  operation: z.string(),
  version: z.string(),
  uniqueIdentifier: z.string(),
  attributes: z.array(z.string()),
  material: z.array(z.string()),
});

function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'import ssl'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // the name of the suite says that it is needed
  }
}

async function makePair(directory: string, name: string) {
  const { certificate, privateKeyPem } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName: name },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays: 2,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
      ipAddresses: ['127.0.0.1'],
    },
    { now: Date.now },
  );
  const pair = { cert: join(directory, `${name}.crt`), key: join(directory, `${name}.key`) };
  writeFileSync(pair.cert, certificate.pem);
  writeFileSync(pair.key, privateKeyPem, { mode: 0o600 });
  return pair;
}

describe.skipIf(!hasPython())('requests to a client in Python (needs python3)', () => {
  const directory = mkdtempSync(join(tmpdir(), 'server-to-client-'));
  let gateway: GatewayProcess;
  let receiver: ChildProcess | undefined;
  let startReceiver: () => AsyncIterator<string>;

  beforeAll(async () => {
    const port = await freePort();
    const receiving = await makePair(directory, 'receiver');
    const sending = await makePair(directory, 'gateway');
    const setting = (name: string) => `CLAVIGER_KMIP__CLIENT_ENDPOINTS__0__${name}`;
    gateway = await startGateway({
      env: {
        [setting('ADAPTER')]: 'vcenter',
        [setting('HOST')]: '127.0.0.1',
        [setting('PORT')]: String(port),
        [setting('CA_FILE')]: receiving.cert,
        [setting('CERTIFICATE_FILE')]: sending.cert,
        [setting('KEY_FILE')]: sending.key,
        [setting('PUT_NEW_OBJECTS')]: 'true',
      },
    });
    startReceiver = () => {
      const files = ['--cert', receiving.cert, '--key', receiving.key, '--ca', sending.cert];
      const child = spawn('python3', [PROGRAM, '--port', String(port), ...files], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      receiver = child;
      return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    };
  }, TIMEOUT_MS);

  afterAll(async () => {
    receiver?.kill();
    await gateway?.stop();
    rmSync(directory, { recursive: true, force: true });
  }, TIMEOUT_MS);

  it(
    'get the key that was made and each change, in order, though nobody listened at first',
    async () => {
      const client = clientOf(gateway);
      try {
        const id = await client.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] });
        // The Put is on record by then, and has made the key a used one: Get changes nothing more of it.
        await vi.waitFor(() => expect(gateway.stderr).toContain('a client cannot be told'), 60_000);
        await client.activate(id);
        const { material } = await client.get(id);
        if (material === undefined) throw new Error('The key has no material.');
        const lines = startReceiver();
        const next = async () => Told.parse(JSON.parse((await lines.next()).value));
        expect(await next()).toMatchObject({
          operation: 'Put',
          version: '1.4',
          uniqueIdentifier: id,
          attributes: expect.arrayContaining(['State', 'Cryptographic Algorithm', 'Digest']),
          material: [createHash('sha256').update(material).digest('hex')],
        });
        expect(await next()).toMatchObject({
          operation: 'Notify',
          uniqueIdentifier: id,
          attributes: expect.arrayContaining(['State', 'Activation Date', 'Last Change Date']),
          material: [],
        });
        const events = await readEvents(gateway.dataDirectory);
        const bySystem = events.filter(({ initiator }) => initiator.id === 'claviger');
        const sent = bySystem.filter(({ requestData }) => 'kmipOperation' in requestData);
        const told = sent.map(({ action, outcome, requestData }) => [
          action,
          outcome,
          requestData['kmipOperation'],
        ]);
        expect(told).toEqual([
          ['hs-crypto.kmip-key.read', 'success', 'Put'],
          ['claviger.kmip-request.default', 'success', 'Notify'],
        ]);
        expect(gateway.stderr).toContain('a client cannot be told; it is tried again');
      } finally {
        await client.close();
      }
    },
    TIMEOUT_MS,
  );
});
