/** How much is measured. */

export interface Settings {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** Connections at a time, each number in turn. */
  readonly connections: readonly number[];
  /** The number that targets are about. */
  readonly manyConnections: number;
  /** Objects in the stores. */
  readonly stores: Stores;
  readonly idleConnections: number;
  readonly machines: number;
}

export interface Stores {
  readonly small: number;
  readonly middle: number;
  readonly large: number;
}

export const FULL: Settings = {
  rounds: 3,
  warmUpMs: 1000,
  durationMs: 3000,
  connections: [1, 8, 64, 256],
  manyConnections: 64,
  stores: { small: 100, middle: 10_000, large: 1_000_000 },
  idleConnections: 1000,
  machines: 2000,
};

/** In about a minute: whether everything works, and the order of magnitude. */
export const QUICK: Settings = {
  rounds: 1,
  warmUpMs: 300,
  durationMs: 600,
  connections: [64],
  manyConnections: 64,
  stores: { small: 100, middle: 1000, large: 5000 },
  idleConnections: 200,
  machines: 200,
};
