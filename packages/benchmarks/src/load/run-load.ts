import { execPath } from 'node:process';
import { ownProgram } from '../own-program.ts';
import { runToEnd } from '../subjects/server-process.ts';
import { type LoadPlan, LoadResult } from './load-plan.ts';

/** Carries a plan out in a load process. @throws Error when a connection was lost or an answer no success. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const args = [...process.execArgv, ownProgram('load/main')];
  try {
    return LoadResult.parse(JSON.parse(await runToEnd(execPath, args, JSON.stringify(plan))));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${plan.workload} over ${plan.connections} connections: ${reason}`, { cause });
  }
}
