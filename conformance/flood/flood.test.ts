/** The short form; `pnpm conformance:flood` is the long one. */

import { platform } from 'node:process';
import { expect, it } from 'vitest';
import { runFlood } from './run-flood.ts';

const CONNECTIONS = 200;
const MACHINES = 100;

it.skipIf(platform !== 'linux')(
  'a client gets its answers beside a flood of another certificate, and a site its keys (needs /proc)',
  async () => {
    const report = await runFlood({
      connections: CONNECTIONS,
      depth: 4,
      durationMs: 3000,
      machines: MACHINES,
    });

    expect(report).toMatchObject({ open: CONNECTIONS, refused: 0 });
    expect(report.flood).toMatchObject({ failures: 0, lost: 0 });
    expect(report.flood.answers).toBeGreaterThan(CONNECTIONS);
    expect(report.company).toMatchObject({ failures: 0, lost: 0 });
    for (const asked of [
      report.accompanied,
      report.opening,
      report.flooded,
      report.floodedConnecting,
    ]) {
      expect(asked.errors).toEqual([]);
    }
    // One connection of its own, and pauses, against 200 without: in one line for all it would have a 200th.
    const perSecond = report.flooded.count / report.flooded.seconds;
    const floodPerConnection = report.flood.answers / report.flood.seconds / CONNECTIONS;
    expect(perSecond).toBeGreaterThan(floodPerConnection);

    expect(report.restart).toMatchObject({ answers: 3 * MACHINES, failures: 0, lost: 0 });
  },
  300_000,
);
