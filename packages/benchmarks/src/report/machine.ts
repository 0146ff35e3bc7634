import { execFile } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { z } from 'zod';

const Versions = z.object({ node: z.string(), openssl: z.string() });

export const Machine = z.object({
  cpu: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  /** Of the servers. */
  node: z.string(),
  openssl: z.string(),
});
export type Machine = z.infer<typeof Machine>;

/** @param nodeProgram - What servers run on. */
export async function describeMachine(nodeProgram: string): Promise<Machine> {
  const print = 'JSON.stringify(process.versions)';
  const { stdout } = await promisify(execFile)(nodeProgram, ['-p', print]);
  const { node, openssl } = Versions.parse(JSON.parse(stdout));
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryBytes: totalmem(),
    node,
    openssl,
  };
}
