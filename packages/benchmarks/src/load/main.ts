/** The load generator: a process of its own. Reads a plan from standard input, writes what it saw. */

import { text } from 'node:stream/consumers';
import { WORKLOADS } from '../workloads.ts';
import { closedLoop } from './closed-loop.ts';
import { connectLoop } from './connect-loop.ts';
import { idle } from './idle.ts';
import { LoadPlan, type LoadResult } from './load-plan.ts';
import { pacedLoop } from './paced-loop.ts';
import { record } from './record.ts';
import { restLoop } from './rest-loop.ts';
import { restart } from './restart.ts';
import { settledMemory } from './settled-memory.ts';

async function run(plan: LoadPlan): Promise<LoadResult> {
  const { loop } = plan;
  const workload = WORKLOADS[plan.workload](plan.ids);
  switch (loop.kind) {
    case 'closed':
      return await closedLoop(plan, workload);
    case 'connect':
      return await connectLoop(plan, workload, loop.resumed);
    case 'handshake':
      return await connectLoop(plan, undefined, loop.resumed);
    case 'paced':
      return await pacedLoop(plan, workload, loop.perSecond);
    case 'restart':
      return await restart(plan, workload, loop.machines);
    case 'idle':
      return await idle(plan, () => settledMemory(plan.pid, loop.memoryFile));
    case 'record':
      return await record(plan, workload, loop.messages);
    case 'rest':
      return await restLoop(plan, loop);
  }
}

try {
  const plan = LoadPlan.parse(JSON.parse(await text(process.stdin)));
  process.stdout.write(`${JSON.stringify(await run(plan))}\n`, () => process.exit(0));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () =>
    process.exit(1),
  );
}
