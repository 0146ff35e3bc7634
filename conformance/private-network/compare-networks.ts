/** The demonstration itself: a gateway, the same calls from both hosts, and the events that they leave. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { AuditEvent } from '@claviger/audit-emitter';
import { readEvents } from '../event-log.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import type { HostCalls } from './host-calls.ts';
import {
  GATEWAY_ADDRESSES,
  HOST_ADDRESSES,
  type Host,
  NETWORK_SETTINGS,
  type NetworkName,
} from './hosts.ts';
import { makeNamespaces, type Namespaces } from './namespaces.ts';
import { type ProxyRelay, startProxyRelay } from './proxy-relay.ts';

const CALLS = fileURLToPath(new URL('host-calls.ts', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** What both hosts do; the keys that they log in with are made on the machine itself. */
const SHOWN = /^(?:hs-crypto\.kmip-|claviger\.apikey\.login$)/;

export interface Comparison {
  /** How the hosts were made: `namespaces`, or `proxy` where the machine does not let us make those. */
  readonly means: 'namespaces' | 'proxy';
  /** Why there are no namespaces. */
  readonly why: string | undefined;
  readonly events: Readonly<Record<NetworkName, readonly AuditEvent[]>>;
}

/** @param means - `proxy` does not try namespaces. */
export async function compareNetworks(means: Comparison['means']): Promise<Comparison> {
  const namespaces = means === 'namespaces' ? await makeNamespaces() : 'they were not asked for';
  if (typeof namespaces === 'string') {
    return { means: 'proxy', why: namespaces, events: await throughRelays() };
  }
  const remove = () => void namespaces.remove();
  process.once('SIGINT', remove).once('SIGTERM', remove);
  try {
    return { means: 'namespaces', why: undefined, events: await inNamespaces(namespaces) };
  } finally {
    process.off('SIGINT', remove).off('SIGTERM', remove);
    await namespaces.remove();
  }
}

async function inNamespaces(namespaces: Namespaces): Promise<Comparison['events']> {
  const env = { ...NETWORK_SETTINGS, ...listeningOn('0.0.0.0') };
  const start = { listensAsSet: true, via: namespaces.gateway, env };
  return await withGateway(start, async (gateway) => {
    const hostOf = (network: NetworkName): Host => ({
      network,
      kmip: { host: GATEWAY_ADDRESSES[network], port: gateway.kmip.port },
      api: { host: GATEWAY_ADDRESSES[network], port: gateway.api.port },
      via: namespaces.hosts[network],
    });
    return await eventsOf(gateway, hostOf('private'), hostOf('public'));
  });
}

/** Everything is on the loopback, and balancers claim to speak for the hosts. */
async function throughRelays(): Promise<Comparison['events']> {
  const env = {
    ...NETWORK_SETTINGS,
    ...listeningOn('127.0.0.1'),
    CLAVIGER_KMIP__LISTENERS__0__TRUSTED_PROXIES: '127.0.0.0/8',
    CLAVIGER_API__TRUSTED_PROXIES: '127.0.0.0/8',
  };
  return await withGateway({ listensAsSet: true, env }, async (gateway) => {
    const relays: ProxyRelay[] = [];
    const hostOf = async (network: NetworkName): Promise<Host> => {
      const kmip = await startProxyRelay(gateway.kmip, HOST_ADDRESSES[network]);
      const api = await startProxyRelay(gateway.api, HOST_ADDRESSES[network]);
      relays.push(kmip, api);
      return { network, kmip: kmip.address, api: api.address, via: [] };
    };
    try {
      return await eventsOf(gateway, await hostOf('private'), await hostOf('public'));
    } finally {
      await Promise.all(relays.map((relay) => relay.close()));
    }
  });
}

/** On free ports. */
function listeningOn(host: string): Readonly<Record<string, string>> {
  return {
    CLAVIGER_KMIP__LISTENERS__0__HOST: host,
    CLAVIGER_KMIP__LISTENERS__0__PORT: '0',
    CLAVIGER_API__HOST: host,
    CLAVIGER_API__PORT: '0',
  };
}

async function withGateway<T>(
  start: Parameters<typeof startGateway>[0],
  work: (gateway: GatewayProcess) => Promise<T>,
): Promise<T> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'claviger-networks-'));
  try {
    const gateway = await startGateway({ ...start, dataDirectory });
    try {
      return await work(gateway);
    } finally {
      await gateway.stop();
    }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

async function eventsOf(
  gateway: GatewayProcess,
  privateHost: Host,
  publicHost: Host,
): Promise<Comparison['events']> {
  const before = await shownEvents(gateway);
  await callFrom(gateway, privateHost);
  const between = await shownEvents(gateway);
  await callFrom(gateway, publicHost);
  const after = await shownEvents(gateway);
  return {
    private: between.slice(before.length),
    public: after.slice(between.length),
  };
}

async function shownEvents({ dataDirectory }: GatewayProcess): Promise<readonly AuditEvent[]> {
  const events = await readEvents(dataDirectory);
  return events.filter(
    ({ action, initiator }) => SHOWN.test(action) && !initiator.id.startsWith('LocalUser-'),
  );
}

async function callFrom(gateway: GatewayProcess, { via, kmip, api }: Host): Promise<void> {
  const { instanceId = '', dataDirectory, pki } = gateway;
  const calls: HostCalls = { kmip, api, instanceId, dataDirectory, pki };
  const node = [execPath, '--conditions=@claviger/source', '--import', 'tsx', CALLS];
  const [program = execPath, ...args] = [...via, ...node, JSON.stringify(calls)];
  const child = spawn(program, args, { cwd: REPOSITORY, stdio: ['ignore', 'ignore', 'pipe'] });
  const closed = once(child, 'close');
  const said = await text(child.stderr);
  await closed;
  if (child.exitCode !== 0) throw new Error(`The calls of a host failed: ${said.slice(-2000)}`);
}
