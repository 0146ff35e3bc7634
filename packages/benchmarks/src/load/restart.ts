/** A site after a power cut: every machine asks for its key at once, each over a connection of its own. */

import { performance } from 'node:perf_hooks';
import { readProcessUsage } from '../process-usage.ts';
import type { Workload } from '../workloads.ts';
import { createConnector } from './connect.ts';
import { ask } from './connect-loop.ts';
import { createLatencies } from './latencies.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';

/** Discover Versions, Get and Get Attributes. */
const MESSAGES_PER_MACHINE = 3;

/** @throws Error when one connection is refused or one answer is no success. */
export async function restart(
  plan: LoadPlan,
  workload: Workload,
  machines: number,
): Promise<LoadResult> {
  const connector = createConnector(plan);
  const latencies = createLatencies();
  const before = readProcessUsage(plan.pid);
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: machines }, async (_, number) => {
      const exchange = workload(number);
      const { socket } = await connector.open();
      await ask(socket, exchange, MESSAGES_PER_MACHINE);
      latencies.add(performance.now() - begun);
      socket.destroy();
    }),
  );
  const after = readProcessUsage(plan.pid);
  return {
    operations: machines,
    seconds: (performance.now() - begun) / 1000,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    rssBytes: after.rssBytes,
    latencyMs: latencies.percentiles(),
    handshakes: machines,
    resumed: 0,
    recorded: [],
  };
}
