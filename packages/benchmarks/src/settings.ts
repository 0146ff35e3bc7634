/** How much is measured. */

import { z } from 'zod';

const count = z.number().int().positive();

export const SettingsForm = z.object({
  rounds: count,
  /** Before a load is measured that a server has not had yet. */
  warmUpMs: z.number(),
  /** Before one that it has had. */
  rewarmMs: z.number(),
  durationMs: z.number(),
  /** Connections at a time, each number in turn. */
  connections: z.array(count),
  /** The number that targets are about. */
  manyConnections: count,
  /** Objects in the stores. */
  stores: z.object({ small: count, middle: count, large: count }),
  idleConnections: count,
  machines: count,
  /** The runtime of the servers: a path or a name. */
  node: z.string(),
});
export type Settings = z.infer<typeof SettingsForm>;

type Extent = Omit<Settings, 'node'>;

export const FULL: Extent = {
  rounds: 3,
  // A gateway runs for months: the runtime has compiled what is hot, which takes it thousands of messages.
  warmUpMs: 5000,
  rewarmMs: 1000,
  durationMs: 3000,
  connections: [1, 8, 64, 256],
  manyConnections: 64,
  stores: { small: 100, middle: 10_000, large: 1_000_000 },
  // So many that what else the process holds by chance is little beside them.
  idleConnections: 2000,
  machines: 2000,
};

/** Tests: whether every row gives figures. They say nothing. */
export const SMALLEST: Extent = {
  rounds: 1,
  warmUpMs: 50,
  rewarmMs: 20,
  durationMs: 100,
  connections: [4],
  manyConnections: 4,
  stores: { small: 20, middle: 100, large: 200 },
  idleConnections: 20,
  machines: 10,
};

/** In about a minute: whether everything works, and the order of magnitude. */
export const QUICK: Extent = {
  rounds: 1,
  warmUpMs: 300,
  rewarmMs: 100,
  durationMs: 600,
  connections: [64],
  manyConnections: 64,
  stores: { small: 100, middle: 1000, large: 5000 },
  idleConnections: 200,
  machines: 200,
};
