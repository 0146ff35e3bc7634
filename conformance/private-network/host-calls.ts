/**
 * What each host does, as a program of its own, so that it can run in a namespace: makes and reads a key by
 * KMIP, and lists adapters by REST. Takes one argument, the JSON of `HostCalls`.
 */

import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { createKmipClient } from '@claviger/kmip-client';
import { z } from 'zod';
import { connectManagement } from '../management-client.ts';

const AddressForm = z.object({ host: z.string(), port: z.number() });

export const HostCalls = z.object({
  kmip: AddressForm,
  api: AddressForm,
  instanceId: z.string(),
  dataDirectory: z.string(),
  pki: z.object({ ca: z.string(), clientCertificate: z.string(), clientKey: z.string() }),
});

export type HostCalls = z.output<typeof HostCalls>;

async function callAsHost(calls: HostCalls): Promise<void> {
  const { kmip, pki } = calls;
  const client = createKmipClient({
    ...kmip,
    tls: {
      ca: readFileSync(pki.ca, 'utf8'),
      cert: readFileSync(pki.clientCertificate, 'utf8'),
      key: readFileSync(pki.clientKey, 'utf8'),
    },
  });
  try {
    const id = await client.create({
      algorithm: 'AES',
      lengthBits: 256,
      usage: ['Encrypt', 'Decrypt'],
    });
    await client.activate(id);
    await client.get(id);
  } finally {
    await client.close();
  }
  const api = await connectManagement(calls);
  await api.list('/kmip_adapters');
}

const [, , json = ''] = argv;
await callAsHost(HostCalls.parse(JSON.parse(json)));
