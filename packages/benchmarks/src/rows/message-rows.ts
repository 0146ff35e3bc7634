/** Rows of messages over connections that stay. */

import type { WorkloadName } from '../workloads.ts';
import { type Bench, measureLoad, type Row, seeded } from './bench.ts';

interface MessageRow {
  readonly name: WorkloadName;
  readonly about: string;
  /** Which stores are asked; `changed` for what changes one. */
  readonly stores: 'changed' | 'each' | 'middle and large';
  readonly hasTarget: boolean;
  /** Over each number of connections, or the one that targets are about. */
  readonly connections: 'each' | 'many';
  /** Whether PyKMIP is asked as well. */
  readonly pykmip?: true;
}

const CLOSED = { kind: 'closed' } as const;

const MESSAGE_ROWS: readonly MessageRow[] = [
  {
    name: 'get',
    hasTarget: true,
    about: 'Get of one of all keys',
    stores: 'each',
    connections: 'each',
    pykmip: true,
  },
  {
    name: 'create',
    hasTarget: true,
    about: 'Create as vCenter sends it',
    stores: 'changed',
    connections: 'each',
    pykmip: true,
  },
  {
    name: 'get-attributes',
    hasTarget: false,
    about: 'Get Attributes of the State',
    stores: 'middle and large',
    connections: 'many',
    pykmip: true,
  },
  {
    name: 'life-cycle',
    hasTarget: false,
    about: 'Create, Activate, Get, Revoke, Destroy: each message counts',
    stores: 'changed',
    connections: 'many',
    pykmip: true,
  },
  {
    name: 'add-attributes',
    hasTarget: false,
    about: 'one batch of three Add Attribute',
    stores: 'changed',
    connections: 'many',
  },
  {
    name: 'locate-by-name',
    hasTarget: true,
    about: 'Locate by Name',
    stores: 'middle and large',
    connections: 'many',
  },
  {
    name: 'locate-by-custom-attribute',
    hasTarget: true,
    about: 'Locate by a custom attribute',
    stores: 'middle and large',
    connections: 'many',
  },
  {
    name: 'locate-by-state',
    hasTarget: false,
    about: 'Locate of 64 Active keys, a tenth of all',
    stores: 'middle and large',
    connections: 'many',
  },
  {
    name: 'locate-page',
    hasTarget: false,
    about: 'Locate of all keys, the second 64',
    stores: 'middle and large',
    connections: 'many',
  },
];

export const messageRows: readonly Row[] = MESSAGE_ROWS.map((row) => ({
  name: row.name,
  about: row.about,
  hasTarget: row.hasTarget,
  measure: (bench) => measure(bench, row),
}));

async function measure(bench: Bench, row: MessageRow): Promise<void> {
  const { site, settings, round } = bench;
  const { manyConnections, stores } = settings;
  // Targets are about one number of connections: that one is measured in each round.
  const isEach = row.connections === 'each' && round === 1;
  const all = isEach ? settings.connections : [manyConnections];
  const load = { workload: row.name, loop: CLOSED };
  for (const connections of all) {
    const ids = seeded(stores.middle);
    const echo = { row: row.name, subject: 'echo', objects: 0 } as const;
    await measureLoad(bench, echo, site.echo, { ...load, ids, connections });
    for (const objects of storesOf(row, stores)) {
      // How the size of the store matters is seen at one number of connections.
      if (objects !== stores.middle && connections !== manyConnections) continue;
      const subject = row.stores === 'changed' ? site.changed : site.gateways.get(objects);
      if (subject === undefined) throw new Error(`No gateway has ${objects} objects.`);
      const place = { row: row.name, subject: 'gateway', objects } as const;
      await measureLoad(bench, place, subject, { ...load, ids: seeded(objects), connections });
    }
  }
  if (row.pykmip === true && site.pykmip !== undefined) {
    const { ids } = site.pykmip;
    const place = { row: row.name, subject: 'pykmip', objects: 0 } as const;
    await measureLoad(bench, place, site.pykmip, { ...load, ids, connections: manyConnections });
  }
}

function storesOf(
  { stores }: MessageRow,
  { small, middle, large }: Bench['settings']['stores'],
): readonly number[] {
  switch (stores) {
    case 'changed':
      return [middle];
    case 'each':
      return [small, middle, large];
    case 'middle and large':
      return [middle, large];
  }
}
