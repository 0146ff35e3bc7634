/**
 * One certificate floods a gateway while a client with another asks for its key: what does that cost the
 * second one? And: does a site that starts after a power cut get all its keys?
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAdapter, makeClientCertificate } from '../client-certificates.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { readProcessFacts } from '../soak/process-facts.ts';
import type { LoadDone, LoadPlan } from './load-plan.ts';
import { type LoadProcess, startLoad } from './load-process.ts';
import { askSteadily, type SteadyResult } from './steady-client.ts';

export interface FloodOptions {
  readonly connections: number;
  /** Requests under way on each of them. */
  readonly depth: number;
  /** Of the measurement without the flood, and of that with it. */
  readonly durationMs: number;
  readonly machines: number;
  /** Settings of the gateway, as environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface FloodReport {
  readonly options: FloodOptions;
  readonly open: number;
  readonly refused: number;
  /** The second client, without the flood and with it. */
  readonly quiet: SteadyResult;
  readonly flooded: SteadyResult;
  readonly flood: LoadDone;
  readonly restart: LoadDone;
  /** Of the gateway, while it was flooded. */
  readonly cores: number;
  readonly rssBytes: number;
}

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const PAUSE_MS = 2;

/** @throws Error when the gateway or a process of load fails. */
export async function runFlood(options: FloodOptions): Promise<FloodReport> {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-flood-'));
  const loads: LoadProcess[] = [];
  const gateway = await startGateway({
    env: {
      ...options.env,
      // The flood shall get in: what is measured is not this limit.
      CLAVIGER_KMIP__LISTENERS__0__MAX_CONNECTIONS_PER_CERTIFICATE: String(
        Math.max(options.connections, options.machines) + 1000,
      ),
      CLAVIGER_KMIP__LISTENERS__0__MAX_CONNECTIONS: String(options.connections + 10_000),
    },
  });
  try {
    return await floodGateway(gateway, directory, options, loads);
  } finally {
    for (const load of loads) load.kill();
    await gateway.kill('SIGKILL');
    rmSync(gateway.dataDirectory, { recursive: true, force: true });
    rmSync(directory, { recursive: true, force: true });
  }
}

async function floodGateway(
  gateway: GatewayProcess,
  directory: string,
  options: FloodOptions,
  loads: LoadProcess[],
): Promise<FloodReport> {
  const { connections, depth, durationMs, machines } = options;
  const second = await makeClientCertificate(directory, 'second');
  await addAdapter(gateway.dataDirectory, 'second', [second]);
  const flooder = clientOf(gateway);
  const client = clientOf(gateway, second);
  const [floodedKey, ownKey] = [await flooder.create(KEY), await client.create(KEY)];
  await flooder.close();
  const { ca, clientCertificate: cert, clientKey: key } = gateway.pki;
  const start = (count: number, load: LoadPlan['load']): LoadProcess => {
    const plan = { ...gateway.kmip, ca, cert, key, keyId: floodedKey, connections: count, load };
    const started = startLoad(plan);
    loads.push(started);
    return started;
  };

  const steady = { durationMs, pauseMs: PAUSE_MS };
  await askSteadily(client, ownKey, steady); // warms up
  const quiet = await askSteadily(client, ownKey, steady);

  const load = start(connections, { kind: 'flood', depth });
  const { open, refused } = await load.opened;
  const before = await readProcessFacts(gateway.pid);
  const flooded = await askSteadily(client, ownKey, steady);
  const after = await readProcessFacts(gateway.pid);
  const flood = await load.stop();
  await client.close();

  const restart = await start(machines, { kind: 'restart' }).done;
  return {
    options,
    open,
    refused,
    quiet,
    flooded,
    flood,
    restart,
    cores: (after.cpuSeconds - before.cpuSeconds) / flooded.seconds,
    rssBytes: after.rssBytes,
  };
}
