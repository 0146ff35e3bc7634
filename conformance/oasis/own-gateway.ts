/**
 * A gateway of the runner's own. Each case gets an adapter, so that it sees no object of another and many
 * can be played at a time.
 */

import { readFileSync } from 'node:fs';
import { createSelfSignedCertificate } from '@claviger/pki';
import { z } from 'zod';
import { startGateway } from '../gateway-process.ts';
import { connectManagement, type ManagementClient } from '../management-client.ts';
import { freePort } from '../sinks/free-port.ts';
import { needsOf, SUITE_B_CLIENTS } from './case-needs.ts';
import { connectTls, type Identity, type ServerAddress } from './connection.ts';
import { haveAsked } from './have-asked.ts';
import { connectHttps } from './https-connection.ts';
import type { Peers } from './play-case.ts';
import type { Server } from './run-suite.ts';
import { prepareToldClients, type ToldClients } from './told-clients.ts';

export interface OwnGateway extends Server {
  /** Ends the process and removes its data. */
  stop(): Promise<void>;
}

const ReadyAdapter = z.object({ profile_data: z.object({ crk_id: z.string() }) });
const MadeAdapter = z.object({ id: z.string() });

/** How many cases are played at a time: most of them wait for the network most of the time. */
const PARALLEL = 4;

/** A gateway has room for 200 adapters. When they are made, the next cases go to another one. */
const CASES_PER_GATEWAY = 190;

/** Cases in which the gateway asks: a setting may name 64 clients. */
const TOLD_CASES = 32;
const CONNECT_TIMEOUT_MS = 30_000;

/** Starts the built gateway on free ports, with its data in a temporary directory. */
export async function startOwnGateway(): Promise<OwnGateway> {
  const starting = [Promise.resolve(await startOne())];
  /** With settings of its own, by what these are. */
  const special = new Map<string, Promise<StartedGateway>>();
  let telling: Promise<TellingGateway> | undefined;
  let cases = 0;
  return {
    parallel: PARALLEL,
    isolatesCases: true,
    async peersFor(label, clients, https, areTold = false) {
      if (areTold) return await toldPeers(clients);
      const number = Math.floor(cases / CASES_PER_GATEWAY);
      cases += 1;
      const name = `case-${cases}`;
      const { management, rootKeyId, address, httpsAddress } = await gatewayFor(label, number);
      const identities = await letIn(management, name, rootKeyId, clients, label);
      const { suiteB } = needsOf(label);
      const ciphers = suiteB === undefined ? undefined : SUITE_B_CLIENTS[suiteB].ciphers;
      return {
        connect(client) {
          const identity = identities.get(client);
          if (identity === undefined) throw new Error(`No certificate was made for ${client}.`);
          return https === undefined
            ? connectTls(address, identity, ciphers)
            : Promise.resolve(connectHttps(httpsAddress, identity, https));
        },
      };
    },
    async stop() {
      const all = [...starting, ...special.values()];
      for (const gateway of await Promise.all(all)) await gateway.stop();
      const told = await telling;
      await told?.gateway.stop();
      await told?.clients.close();
    },
  };

  /** Whoever comes first starts it; the others wait for the same one. */
  function gatewayFor(label: string, number: number): Promise<StartedGateway> {
    const { settings } = needsOf(label);
    if (settings === undefined) {
      starting[number] ??= startOne();
      return starting[number];
    }
    const key = JSON.stringify(settings);
    const gateway = special.get(key) ?? startOne(settings);
    special.set(key, gateway);
    return gateway;
  }

  /** Of a case in which the gateway asks: one of its settings names the client. */
  async function toldPeers(clients: readonly string[]): Promise<Peers> {
    telling ??= startTelling();
    const told = await telling;
    const { adapter, listener } = told.clients.take();
    const { management, rootKeyId, address } = told.gateway;
    const identities = await letIn(management, adapter, rootKeyId, clients);
    return {
      connect(client) {
        const identity = identities.get(client);
        if (identity === undefined) throw new Error(`No certificate was made for ${client}.`);
        return connectTls(address, identity);
      },
      accept(request) {
        haveAsked(management, adapter, listener.port, request);
        return listener.accept(CONNECT_TIMEOUT_MS);
      },
    };
  }
}

interface TellingGateway {
  readonly clients: ToldClients;
  readonly gateway: StartedGateway;
}

async function startTelling(): Promise<TellingGateway> {
  const clients = await prepareToldClients(TOLD_CASES);
  return { clients, gateway: await startOne(clients.env) };
}

interface StartedGateway {
  readonly management: ManagementClient;
  readonly rootKeyId: string;
  readonly address: ServerAddress;
  readonly httpsAddress: ServerAddress;
  stop(): Promise<void>;
}

async function startOne(settings: Readonly<Record<string, string>> = {}): Promise<StartedGateway> {
  const httpsPort = await freePort();
  const gateway = await startGateway({
    listensAsSet: true,
    env: {
      ...settings,
      CLAVIGER_KMIP__FOR_TESTS: 'true',
      CLAVIGER_API__HOST: '127.0.0.1',
      CLAVIGER_API__PORT: '0',
      CLAVIGER_KMIP__LISTENERS__0__HOST: '127.0.0.1',
      CLAVIGER_KMIP__LISTENERS__0__PORT: '0',
      CLAVIGER_KMIP__LISTENERS__1__TRANSPORT: 'https',
      CLAVIGER_KMIP__LISTENERS__1__HOST: '127.0.0.1',
      CLAVIGER_KMIP__LISTENERS__1__PORT: String(httpsPort),
    },
  });
  try {
    const management = await connectManagement(gateway);
    const [ready] = await management.list('/kmip_adapters');
    const rootKeyId = ReadyAdapter.parse(ready).profile_data.crk_id;
    const { host } = gateway.kmip;
    const ca = readFileSync(gateway.pki.ca, 'utf8');
    return {
      management,
      rootKeyId,
      address: { ...gateway.kmip, ca },
      httpsAddress: { host, port: httpsPort, ca },
      stop: () => gateway.stop(),
    };
  } catch (error) {
    await gateway.stop();
    throw error;
  }
}

/** Makes an adapter, what the case needs in it, and a certificate for each client. */
async function letIn(
  management: ManagementClient,
  name: string,
  rootKeyId: string,
  clients: readonly string[],
  label = '',
): Promise<ReadonlyMap<string, Identity>> {
  const { credentials = [], suiteB } = needsOf(label);
  const profile = { profile: 'native_1.0', profile_data: { crk_id: rootKeyId } };
  const { id } = MadeAdapter.parse(await management.create('/kmip_adapters', { name, ...profile }));
  for (const credential of credentials) {
    await management.create(`/kmip_adapters/${id}/credentials`, credential);
  }
  const identities = new Map<string, Identity>();
  for (const client of clients) {
    const curve = suiteB === undefined ? 'P-256' : SUITE_B_CLIENTS[suiteB].curve;
    const { pem, key } = await makeCertificate(`${name}-${client}`, curve);
    await management.create(`/kmip_adapters/${id}/certificates`, { certificate: pem });
    identities.set(client, { cert: pem, key });
  }
  return identities;
}

async function makeCertificate(
  commonName: string,
  curve: 'P-256' | 'P-384',
): Promise<{ pem: string; key: string }> {
  const { certificate, privateKeyPem } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName },
        key: { algorithm: 'EC', curve },
        validityDays: 30,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
    },
    { now: Date.now },
  );
  return { pem: certificate.pem, key: privateKeyPem };
}
