/** Rows about a whole site: how a gateway starts, what connections cost, what comes after a power cut. */

import { performance } from 'node:perf_hooks';
import { runLoad } from '../load/run-load.ts';
import { startGateway } from '../subjects/gateway.ts';
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
  const gateway = await startGateway(settings.node, directory);
  try {
    const load = { ...gateway, workload: 'get', ids: seeded(objects), warmUpMs } as const;
    // What the first messages cost once is no cost of a connection.
    await runLoad({ ...load, connections: manyConnections, durationMs, loop: { kind: 'closed' } });
    const idle = await runLoad({ ...load, connections, durationMs, loop: { kind: 'idle' } });
    const place = { row: 'idle-connections', subject: 'gateway', objects, connections } as const;
    // A process that shrank, since its garbage was collected meanwhile, says nothing of connections.
    const grew = idle.rssGrowthBytes > 0;
    collection.add(place, {
      ...(grew && { bytesPerConnection: idle.rssGrowthBytes / connections }),
      rssBytes: idle.rssBytes,
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
