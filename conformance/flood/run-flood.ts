/**
 * One certificate floods a gateway while a client with another asks for its key: what does that cost the
 * second one? And: does a site that starts after a power cut get all its keys?
 *
 * Two certificates have half of a gateway each, when both want it. What that half is like is measured first: in the
 * company of one that keeps the gateway busy over a few connections, and never asks before it has its answer.
 *
 * A gateway that nobody floods stands beside it, on the same processors. What its client has to wait is the share
 * of the machine that the system gives to a process of its own: nothing in a gateway could make that better.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KmipClient } from '@claviger/kmip-client';
import { addAdapter, makeClientCertificate } from '../client-certificates.ts';
import { clientOf, type Identity } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { readProcessFacts } from '../soak/process-facts.ts';
import type { LoadDone, LoadPlan } from './load-plan.ts';
import { type LoadProcess, startLoad } from './load-process.ts';
import { type Placement, TOGETHER } from './placement.ts';
import { askSteadily, type SteadyResult } from './steady-client.ts';

export interface FloodOptions {
  readonly connections: number;
  /** Requests under way on each of them. */
  readonly depth: number;
  /** Of each measurement. */
  readonly durationMs: number;
  readonly machines: number;
  readonly placement?: Placement;
  /** Settings of the gateways, as environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface FloodReport {
  readonly placement: string;
  readonly connections: number;
  readonly depth: number;
  readonly machines: number;
  readonly open: number;
  readonly refused: number;
  /** The second client: Get on an open connection, and with a new one for each. */
  readonly quiet: SteadyResult;
  readonly quietConnecting: SteadyResult;
  /** Beside another client that takes its half, politely: what a fair share of the gateway is like. */
  readonly accompanied: SteadyResult;
  readonly company: LoadDone;
  /** While the flood opens its connections. */
  readonly opening: SteadyResult;
  readonly flooded: SteadyResult;
  readonly floodedConnecting: SteadyResult;
  /** In turn with `flooded`, at the gateway that nobody floods. */
  readonly beside: SteadyResult;
  readonly flood: LoadDone;
  readonly restart: LoadDone;
  /** Of the gateway, while it was flooded. */
  readonly cores: number;
  readonly rssBytes: number;
}

/** As many as keep a gateway busy; one request is under way on each. */
const COMPANY_CONNECTIONS = 8;

/** A client, and what it asks a gateway. */
interface Asker {
  readonly get: () => Promise<unknown>;
  readonly connectAndGet: () => Promise<unknown>;
  close(): Promise<void>;
}

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;

/** @throws Error when a gateway or a process of load fails. */
export async function runFlood(options: FloodOptions): Promise<FloodReport> {
  const { connections, machines, placement = TOGETHER } = options;
  const directory = mkdtempSync(join(tmpdir(), 'claviger-flood-'));
  const gateways: GatewayProcess[] = [];
  const loads: LoadProcess[] = [];
  const start = async () => {
    const gateway = await startGateway({
      via: placement.gateway,
      env: {
        ...options.env,
        // The flood shall get in: what is measured is not this limit.
        CLAVIGER_KMIP__LISTENERS__0__MAX_CONNECTIONS_PER_CERTIFICATE: String(
          Math.max(connections, machines) + 1000,
        ),
        CLAVIGER_KMIP__LISTENERS__0__MAX_CONNECTIONS: String(connections + 10_000),
      },
    });
    gateways.push(gateway);
    return gateway;
  };
  try {
    const [gateway, neighbour] = [await start(), await start()];
    return await floodGateway({ gateway, neighbour, directory, loads }, options);
  } finally {
    for (const load of loads) load.kill();
    for (const gateway of gateways) {
      await gateway.kill('SIGKILL');
      rmSync(gateway.dataDirectory, { recursive: true, force: true });
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Stage {
  readonly gateway: GatewayProcess;
  readonly neighbour: GatewayProcess;
  readonly directory: string;
  readonly loads: LoadProcess[];
}

async function floodGateway(
  { gateway, neighbour, directory, loads }: Stage,
  { connections, depth, durationMs, machines, placement = TOGETHER }: FloodOptions,
): Promise<FloodReport> {
  const flooder = clientOf(gateway);
  const floodedKey = await flooder.create(KEY);
  await flooder.close();
  const second = await makeClientCertificate(directory, 'second');
  await addAdapter(gateway.dataDirectory, 'second', [second]);
  const [here, there] = [await askerOf(gateway, second), await askerOf(neighbour)];

  const { ca, clientCertificate: cert, clientKey: key } = gateway.pki;
  const start = (count: number, load: LoadPlan['load']): LoadProcess => {
    const plan = { ...gateway.kmip, ca, cert, key, keyId: floodedKey, connections: count, load };
    const started = startLoad(plan, placement.load);
    loads.push(started);
    return started;
  };
  const forAWhile = () => AbortSignal.timeout(durationMs);

  await askSteadily({ here: here.get, there: there.get }, forAWhile()); // warms up
  const { quiet } = await askSteadily({ quiet: here.get, there: there.get }, forAWhile());
  const { quietConnecting } = await askSteadily(
    { quietConnecting: here.connectAndGet },
    forAWhile(),
  );

  const polite = start(COMPANY_CONNECTIONS, { kind: 'flood', depth: 1 });
  await polite.opened;
  const { accompanied } = await askSteadily(
    { accompanied: here.get, there: there.get },
    forAWhile(),
  );
  const company = await polite.stop();

  const load = start(connections, { kind: 'flood', depth });
  const allOpen = new AbortController();
  const opened = load.opened.finally(() => allOpen.abort());
  const { opening } = await askSteadily({ opening: here.get }, allOpen.signal);
  const { open, refused } = await opened;
  const before = await readProcessFacts(gateway.pid);
  const { flooded, beside } = await askSteadily(
    { flooded: here.get, beside: there.get },
    forAWhile(),
  );
  const after = await readProcessFacts(gateway.pid);
  const { floodedConnecting } = await askSteadily(
    { floodedConnecting: here.connectAndGet },
    forAWhile(),
  );
  const flood = await load.stop();
  for (const asker of [here, there]) await asker.close();

  const restart = await start(machines, { kind: 'restart' }).done;
  return {
    placement: placement.name,
    connections,
    depth,
    machines,
    open,
    refused,
    quiet,
    quietConnecting,
    accompanied,
    company,
    opening,
    flooded,
    floodedConnecting,
    beside,
    flood,
    restart,
    cores: (after.cpuSeconds - before.cpuSeconds) / flooded.seconds,
    rssBytes: after.rssBytes,
  };
}

/** A client with a key of its own. */
async function askerOf(gateway: GatewayProcess, identity?: Identity): Promise<Asker> {
  const client = clientOf(gateway, identity);
  const keyId = await client.create(KEY);
  const get = (from: KmipClient) => from.get(keyId);
  return {
    get: () => get(client),
    async connectAndGet() {
      const another = clientOf(gateway, identity);
      try {
        await get(another);
      } finally {
        await another.close();
      }
    },
    close: () => client.close(),
  };
}
