/** Rows with a TLS connection for each question, beside the bare handshake of the same settings. */

import { type Bench, measureLoad, type Row, seeded } from './bench.ts';

export const connectionRows: readonly Row[] = [
  {
    name: 'connect-and-get',
    hasTarget: true,
    about: 'a full handshake and a Get; the limit: the bare handshake',
    measure: (bench) => measure(bench, 'connect-and-get', false),
  },
  {
    name: 'connect-and-get-resumed',
    hasTarget: true,
    about: 'a resumed session and a Get; the limit: the bare resumption',
    measure: (bench) => measure(bench, 'connect-and-get-resumed', true),
  },
];

async function measure(bench: Bench, row: string, resumed: boolean): Promise<void> {
  const { site, settings } = bench;
  const connections = settings.manyConnections;
  const objects = settings.stores.middle;
  const gateway = site.gateways.get(objects);
  if (gateway === undefined) throw new Error(`No gateway has ${objects} objects.`);
  const ids = seeded(objects);
  const load = { workload: 'get', ids, connections } as const;
  const loop = { kind: 'connect', resumed } as const;
  const bare = { kind: 'handshake', resumed } as const;
  await measureLoad(bench, { row, subject: 'echo', objects: 0 }, site.echo, {
    ...load,
    loop: bare,
  });
  await measureLoad(bench, { row, subject: 'gateway', objects }, gateway, { ...load, loop });
  if (site.pykmip !== undefined && !resumed) {
    const place = { row, subject: 'pykmip', objects: 0 } as const;
    await measureLoad(bench, place, site.pykmip, { ...load, loop, ids: site.pykmip.ids });
  }
}
