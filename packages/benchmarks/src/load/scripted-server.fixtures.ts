/** A TLS server in this process that says what a test tells it to: loads are tried on it. */

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pid } from 'node:process';
import { createServer, type TLSSocket } from 'node:tls';
import { createFrameReader } from '@claviger/ttlv-codec';
import { onTestFinished } from 'vitest';
import { createSelfSignedCertificate } from '../../../pki/src/index.ts';
import type { LoadPlan } from './load-plan.ts';

/** A message with one item that succeeded. */
export const SUCCESS = response('00000000');
/** A message with one item that failed. */
export const REFUSAL = response('00000001');

export interface ScriptedServer {
  readonly requests: readonly Uint8Array[];
  readonly connections: number;
  /** For this server: a short measurement over two connections unless told. */
  plan(plan?: Partial<LoadPlan>): LoadPlan;
}

/** @param answer - To each request, by how many came before; undefined closes the connection. */
export async function startScriptedServer(
  answer: (number: number) => Uint8Array | undefined = () => SUCCESS,
): Promise<ScriptedServer> {
  const tls = await tlsFiles();
  const requests: Uint8Array[] = [];
  const sockets = new Set<TLSSocket>();
  let connections = 0;
  const server = createServer({ cert: tls.certPem, key: tls.keyPem }, (socket) => {
    connections += 1;
    sockets.add(socket);
    const reader = createFrameReader({ maxMessageBytes: 1024 * 1024 });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Uint8Array) => {
      reader.push(chunk);
      for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
        const bytes = answer(requests.length);
        requests.push(frame.slice());
        if (bytes === undefined) socket.destroy();
        else socket.write(bytes);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    requests,
    get connections() {
      return connections;
    },
    plan: (plan = {}) => ({
      ...{ pid, host: '127.0.0.1', port, tls: tls.paths },
      ...{ workload: 'create', ids: { kind: 'seeded', count: 10 } },
      ...{ connections: 2, warmUpMs: 50, durationMs: 500, loop: { kind: 'closed' } },
      ...plan,
    }),
  };
}

async function tlsFiles() {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-load-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { certificate, privateKeyPem } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName: 'scripted server' },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays: 2,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
    },
    { now: Date.now },
  );
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  writeFileSync(cert, certificate.pem);
  writeFileSync(key, privateKeyPem);
  return { certPem: certificate.pem, keyPem: privateKeyPem, paths: { ca: cert, cert, key } };
}

/** A Response Message with nothing but a Result Status. */
function response(status: string): Uint8Array {
  return Buffer.from(`42007b010000001042007f0500000004${status}00000000`, 'hex');
}
