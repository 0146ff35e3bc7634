/** Everything that is measured, started: gateways with stores of each size, the echo, and PyKMIP. */

import { constants } from 'node:fs';
import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EchoPlan } from './echo/echo-plan.ts';
import { runLoad } from './load/run-load.ts';
import { seedStore } from './seed/seed-store.ts';
import { startEcho } from './subjects/echo.ts';
import { type GatewaySubject, startGateway } from './subjects/gateway.ts';
import { type PykmipSubject, startPykmip } from './subjects/pykmip.ts';
import type { Subject } from './subjects/subject.ts';
import type { WorkloadName } from './workloads.ts';

export interface SiteOptions {
  /** Runtime of the servers. */
  readonly node: string;
  /** Where seeded stores are kept for the next time. */
  readonly cacheDirectory: string;
  /** Where this run has its copies. */
  readonly workDirectory: string;
  /** How many objects each store has, smallest first. */
  readonly stores: readonly number[];
  /** Of the store that rows change; one of `stores`. */
  readonly changedStore: number;
  /** A Python with PyKMIP. */
  readonly pykmip: string | undefined;
  say(line: string): void;
}

export interface Site {
  /** By the number of objects. What is asked of them changes nothing but the log. */
  readonly gateways: ReadonlyMap<number, GatewaySubject>;
  /** The one that rows may change. */
  readonly changed: GatewaySubject;
  readonly echo: Subject;
  readonly pykmip: PykmipSubject | undefined;
  /** A copy of a seeded data directory: the same one for the same name. */
  dataDirectory(name: string, objects: number): Promise<string>;
  stop(): Promise<void>;
}

export async function startSite(options: SiteOptions): Promise<Site> {
  const { node, workDirectory, say } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  const copy = async (name: string, objects: number) => {
    const path = join(workDirectory, name);
    if (await isThere(path)) return path;
    const seeded = await seededDirectory(options, objects);
    await cp(seeded, path, { recursive: true, mode: constants.COPYFILE_FICLONE });
    return path;
  };
  const gateway = async (name: string, objects: number) => {
    say(`starting a gateway with ${objects} objects`);
    const started = await startGateway(node, await copy(name, objects));
    stops.push(() => started.stop());
    return started;
  };
  try {
    const gateways = new Map<number, GatewaySubject>();
    for (const objects of options.stores) {
      gateways.set(objects, await gateway(`store-${objects}`, objects));
    }
    const changed = await gateway('changed', options.changedStore);
    const answers = await recordAnswers(changed, options.changedStore);
    const echo = await startEcho(node, changed, answers, workDirectory);
    stops.push(() => echo.stop());
    const pykmip =
      options.pykmip === undefined
        ? undefined
        : await startPykmip(options.pykmip, changed, workDirectory);
    if (pykmip !== undefined) stops.push(() => pykmip.stop());
    return { gateways, changed, echo, pykmip, dataDirectory: copy, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Changes whenever what is seeded does: older ones in the cache are left alone. */
const SEED_FORMAT = 3;

async function seededDirectory(
  { node, cacheDirectory, say }: SiteOptions,
  objects: number,
): Promise<string> {
  const path = join(cacheDirectory, `claviger-seeded-${SEED_FORMAT}-${objects}`);
  if (await isThere(path)) return path;
  const draft = `${path}.${process.pid}`;
  await mkdir(cacheDirectory, { recursive: true });
  await rm(draft, { recursive: true, force: true });
  let told = 0;
  await seedStore(node, draft, objects, (written) => {
    if (written - told < objects / 10) return;
    told = written;
    say(`seeding: ${written} of ${objects} objects`);
  });
  await rename(draft, path);
  return path;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** What the echo is to be like, with the number of messages that have answers of different sizes. */
const RECORDED: Readonly<Partial<Record<WorkloadName, number>>> = {
  get: 1,
  create: 1,
  'get-attributes': 1,
  'life-cycle': 5,
  'add-attributes': 1,
  'locate-by-name': 1,
  'locate-by-custom-attribute': 1,
  'locate-by-state': 1,
  'locate-page': 1,
};

async function recordAnswers(
  gateway: GatewaySubject,
  objects: number,
): Promise<EchoPlan['answers']> {
  const answers = new Map<number, EchoPlan['answers'][number]>();
  for (const workload of Object.keys(RECORDED) as WorkloadName[]) {
    // The keys are those of the table above.
    const { recorded } = await runLoad({
      ...gateway,
      workload,
      ids: { kind: 'seeded', count: objects },
      connections: 1,
      warmUpMs: 0,
      durationMs: 0,
      loop: { kind: 'record', messages: RECORDED[workload] ?? 1 },
    });
    for (const answer of recorded) {
      if (!answers.has(answer.requestBytes)) answers.set(answer.requestBytes, answer);
    }
  }
  return [...answers.values()];
}
