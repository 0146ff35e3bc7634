/**
 * Clients that a gateway of our own is to tell of objects, by its settings. Each case that is about that takes one
 * of the adapters that have such a client; the adapter is made when the case is played.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSelfSignedCertificate } from '@claviger/pki';
import { type ClientListener, listenForServer } from './client-listener.ts';
import type { Identity } from './connection.ts';

export interface ToldClients {
  /** Settings of the gateway. */
  readonly env: Readonly<Record<string, string>>;
  /** The name of the next adapter that has a client, and the client. @throws Error when there is none left. */
  take(): { readonly adapter: string; readonly listener: ClientListener };
  close(): Promise<void>;
}

/** Makes certificates, and listens on free ports. */
export async function prepareToldClients(count: number): Promise<ToldClients> {
  const directory = mkdtempSync(join(tmpdir(), 'told-clients-'));
  const client = await makeCertificate('a client that is told');
  const gateway = await makeCertificate('the gateway that tells');
  const write = (name: string, pem: string) => {
    const path = join(directory, name);
    writeFileSync(path, pem, { mode: 0o600 });
    return path;
  };
  const files = {
    CA_FILE: write('client.crt', client.cert),
    CERTIFICATE_FILE: write('gateway.crt', gateway.cert),
    KEY_FILE: write('gateway.key', gateway.key),
  };
  const listeners: ClientListener[] = [];
  const env: Record<string, string> = {};
  for (let number = 0; number < count; number++) {
    const listener = await listenForServer(client, gateway.cert);
    listeners.push(listener);
    const settings = {
      ...files,
      ADAPTER: adapterOf(number),
      HOST: '127.0.0.1',
      PORT: String(listener.port),
      PUT_NEW_OBJECTS: 'true',
    };
    for (const [name, value] of Object.entries(settings)) {
      env[`CLAVIGER_KMIP__CLIENT_ENDPOINTS__${number}__${name}`] = value;
    }
  }
  let taken = 0;
  return {
    env,
    take() {
      const listener = listeners[taken];
      if (listener === undefined) throw new Error(`Only ${count} cases can be told of objects.`);
      const adapter = adapterOf(taken);
      taken += 1;
      return { adapter, listener };
    },
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function adapterOf(number: number): string {
  return `told-${number}`;
}

async function makeCertificate(commonName: string): Promise<Identity> {
  const { certificate, privateKeyPem } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays: 30,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
      ipAddresses: ['127.0.0.1'],
    },
    { now: Date.now },
  );
  return { cert: certificate.pem, key: privateKeyPem };
}
