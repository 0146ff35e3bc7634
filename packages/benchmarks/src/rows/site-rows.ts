/** Rows about a whole site: how a gateway starts, what connections cost, what comes after a power cut. */

import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { runLoad } from '../load/run-load.ts';
import { collectorArguments, startGateway } from '../subjects/gateway.ts';
import { type Bench, figuresOf, type Row, seeded } from './bench.ts';

export const siteRows: readonly Row[] = [
  {
    name: 'start',
    hasTarget: true,
    about: 'from the start of the process until it accepts connections',
    measure: measureStart,
  },
  {
    name: 'idle-connections',
    hasTarget: true,
    about: 'memory of mutual TLS connections that ask nothing',
    measure: measureIdle,
  },
  {
    name: 'restart-of-a-site',
    hasTarget: true,
    about: 'every machine asks at once: a connection and three messages each',
    measure: measureRestart,
  },
];

/** A store without objects. */
const EMPTY = 0;

async function measureStart({ site, settings, collection }: Bench): Promise<void> {
  for (const objects of [EMPTY, settings.stores.large]) {
    const directory = await site.dataDirectory(`start-${objects}`, objects);
    // Once before: what the first start of a copy makes is no part of the others, and files are in memory then.
    await (await startGateway(settings.node, directory)).stop();
    const begun = performance.now();
    const gateway = await startGateway(settings.node, directory);
    const startMs = performance.now() - begun;
    await gateway.stop();
    const place = { row: 'start', subject: 'gateway', objects, connections: 0 } as const;
    collection.add(place, { startMs });
  }
}

async function measureIdle({ site, settings, collection }: Bench): Promise<void> {
  const { idleConnections: connections, durationMs, warmUpMs, manyConnections } = settings;
  const objects = settings.stores.small;
  // A process of its own each time: memory that earlier connections have left would be used again.
  const directory = await site.dataDirectory('idle', objects);
  const memoryFile = join(directory, 'memory.json');
  const gateway = await startGateway(settings.node, directory, collectorArguments(memoryFile));
  try {
    const load = { ...gateway, workload: 'get', ids: seeded(objects), warmUpMs } as const;
    // What the first connections and messages cost once is no cost of those that follow.
    const connecting = { kind: 'connect', resumed: false } as const;
    await runLoad({ ...load, connections: manyConnections, durationMs, loop: connecting });
    const loop = { kind: 'idle', memoryFile } as const;
    const { rssBytes, growth } = await runLoad({ ...load, connections, durationMs, loop });
    if (growth === undefined) throw new Error('The load has not looked at the memory.');
    const place = { row: 'idle-connections', subject: 'gateway', objects, connections } as const;
    collection.add(place, {
      bytesPerConnection: growth.rssBytes / connections,
      heapBytesPerConnection: growth.heapBytes / connections,
      rssBytes,
    });
  } finally {
    await gateway.stop();
  }
}

async function measureRestart({ site, settings, collection }: Bench): Promise<void> {
  const { machines } = settings;
  const objects = settings.stores.middle;
  const gateway = site.gateways.get(objects);
  if (gateway === undefined) throw new Error(`No gateway has ${objects} objects.`);
  const result = await runLoad({
    ...gateway,
    workload: 'machine-start',
    ids: seeded(objects),
    connections: machines,
    warmUpMs: 0,
    durationMs: 0,
    loop: { kind: 'restart', machines },
  });
  const place = { row: 'restart-of-a-site', subject: 'gateway', objects } as const;
  collection.add({ ...place, connections: machines }, figuresOf(result));
}
