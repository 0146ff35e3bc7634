/** How long a Get takes when the server is half as busy as it can be. */

import { runLoad } from '../load/run-load.ts';
import { type Bench, measureLoad, type Row, seeded } from './bench.ts';

export const latencyRow: Row = {
  name: 'get-at-half-load',
  hasTarget: true,
  about: 'Get at half of the highest rate, beside the echo at the same pace',
  measure,
};

async function measure(bench: Bench): Promise<void> {
  const { site, settings } = bench;
  const objects = settings.stores.middle;
  const gateway = site.gateways.get(objects);
  if (gateway === undefined) throw new Error(`No gateway has ${objects} objects.`);
  const ids = seeded(objects);
  const connections = settings.manyConnections;
  const load = { workload: 'get', ids, connections } as const;
  const { row, subject } = { row: latencyRow.name, subject: 'gateway' } as const;
  // Looked up at that moment: what else the machine does changes what is half of the highest rate.
  const { pid, host, port, tls } = gateway;
  const { durationMs } = settings;
  const asMuchAsItCan = { ...load, loop: { kind: 'closed' } } as const;
  const warmUpMs = bench.warmth.warmUpMs(subject, { pid, ...asMuchAsItCan });
  const highest = await runLoad({
    ...{ pid, host, port, tls, warmUpMs, durationMs },
    ...asMuchAsItCan,
  });
  const perSecond = Math.max(1, highest.operations / highest.seconds / 2);
  const loop = { kind: 'paced', perSecond } as const;
  await measureLoad(bench, { row, subject, objects }, gateway, { ...load, loop });
  const limit = { row, subject: 'echo', objects: 0 } as const;
  await measureLoad(bench, limit, site.echo, { ...load, loop });
}
