/** A site at work: jobs in fixed proportions, in an order by chance, so many a second. */

import { setTimeout as delay } from 'node:timers/promises';
import { ownIdentity } from '../gateway-client.ts';
import type { GatewayProcess } from '../gateway-process.ts';
import { connectRaw } from '../raw-connection.ts';
import { createRandom, type Random } from '../seeded-random.ts';
import { destroy, locate, type Machine, powerOn, provision, rekey, rename } from './machine.ts';
import type { Operator } from './operator.ts';
import type { Ask, Visitor } from './visit.ts';

export interface SiteDeps {
  readonly gateway: GatewayProcess;
  readonly visitor: Visitor;
  readonly operator: Operator;
  readonly seed: number;
  onError(job: string, error: unknown): void;
}

export interface Site {
  /** Makes so many machines, or fewer when the signal comes before. */
  provision(count: number, signal: AbortSignal, onMade: (made: number) => void): Promise<void>;
  /** Jobs that were begun, by name. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Moments at which a job had to wait since so many were under way. */
  readonly heldBack: number;
  /** Begins so many jobs a second until the signal; resolves when the last has ended. */
  play(jobsPerSecond: number, signal: AbortSignal): Promise<void>;
}

/** Of 86 jobs. */
const PROPORTIONS = {
  'power on': 40,
  'status poll': 15,
  rename: 8,
  'replace machine': 6,
  'read lists': 6,
  locate: 5,
  're-key': 3,
  'host restart': 1,
  'certificate change': 1,
  stranger: 1,
} as const;
type Job = keyof typeof PROPORTIONS;

/** VMs of a host, as a part of the site. */
const HOST_PART = 0.05;
/** vCenter works on so many keys at a time, of one host. */
const WAVE_AT_ONCE = 16;
const PROVISION_AT_ONCE = 8;
const MOST_UNDER_WAY = 64;

export function createSite({ gateway, visitor, operator, seed, onError }: SiteDeps): Site {
  const random = createRandom(seed);
  const machines: Machine[] = [];
  const begun: Record<string, number> = {};
  let heldBack = 0;
  let named = 0;

  async function addMachine(): Promise<void> {
    named += 1;
    machines.push(await provision(visitor, `vm-${named}`));
  }

  /** Runs a job on a machine that no other job works on; on none when all are busy. */
  async function withMachine(job: (machine: Machine) => Promise<void>): Promise<void> {
    const idle = machines.filter(({ isBusy }) => !isBusy);
    if (idle.length > 0) await alone(random.pick(idle), job);
  }

  async function restartHost(): Promise<void> {
    const count = Math.max(1, Math.round(machines.length * HOST_PART));
    const first = random.integer(0, Math.max(0, machines.length - count));
    const waiting = machines.slice(first, first + count);
    await inParallel(WAVE_AT_ONCE, async () => {
      const machine = waiting.pop();
      if (machine === undefined) return false;
      // It may have been replaced since the restart began.
      const isThere = machines.includes(machine);
      if (isThere && !machine.isBusy) await alone(machine, (one) => powerOn(visitor, one));
      return true;
    });
  }

  async function replaceMachine(): Promise<void> {
    await withMachine(async (machine) => {
      await destroy(visitor, machine.keyId);
      machines.splice(machines.indexOf(machine), 1);
    });
    await addMachine();
  }

  const work: Readonly<Record<Job, () => Promise<void>>> = {
    'power on': () => withMachine((machine) => powerOn(visitor, machine)),
    'status poll': () => pollStatus(gateway, visitor),
    rename: () => withMachine((machine) => rename(visitor, machine)),
    'replace machine': replaceMachine,
    'read lists': () => operator.readLists(),
    locate: () => withMachine((machine) => locate(visitor, machine)),
    're-key': () => withMachine((machine) => rekey(visitor, machine)),
    'host restart': restartHost,
    'certificate change': () => operator.changeCertificates(),
    stranger: () => operator.tryAsStranger(),
  };

  return {
    jobs: begun,
    get heldBack() {
      return heldBack;
    },
    async provision(count, signal, onMade) {
      let left = count;
      await inParallel(PROVISION_AT_ONCE, async () => {
        if (left === 0 || signal.aborted) return false;
        left -= 1;
        await addMachine();
        onMade(machines.length);
        return true;
      });
    },
    async play(jobsPerSecond, signal) {
      const underWay = new Set<Promise<void>>();
      const start = performance.now();
      let deck: Job[] = [];
      for (let number = 1; !signal.aborted; number += 1) {
        if (deck.length === 0) deck = shuffledDeck(random);
        const job = deck.pop() ?? 'power on';
        if (underWay.size >= MOST_UNDER_WAY) {
          heldBack += 1;
          await Promise.race(underWay);
        }
        begun[job] = (begun[job] ?? 0) + 1;
        const running = work[job]()
          .catch((error: unknown) => onError(job, error))
          .finally(() => underWay.delete(running));
        underWay.add(running);
        const early = start + (number * 1000) / jobsPerSecond - performance.now();
        if (early > 0) await delay(early, undefined, { signal }).catch(() => {});
      }
      await Promise.all(underWay);
    },
  };
}

async function alone(machine: Machine, job: (machine: Machine) => Promise<void>): Promise<void> {
  machine.isBusy = true;
  try {
    await job(machine);
  } finally {
    machine.isBusy = false;
  }
}

/** A silent connection, one that asks for versions twice, and one for the server information. */
async function pollStatus(gateway: GatewayProcess, visitor: Visitor): Promise<void> {
  const silent = await connectRaw(gateway, ownIdentity(gateway));
  silent.socket.end();
  silent.socket.resume();
  await silent.closed;
  await visitor.visit((ask: Ask) => ask('Discover Versions', (kmip) => kmip.discoverVersions()));
  await visitor.visit((ask: Ask) => ask('Query', (kmip) => kmip.query(['QueryServerInformation'])));
}

function shuffledDeck(random: Random): Job[] {
  // The keys of the object are those of its type.
  const entries = Object.entries(PROPORTIONS) as [Job, number][];
  const deck = entries.flatMap(([job, count]) => Array.from({ length: count }, () => job));
  const shuffled: Job[] = [];
  while (deck.length > 0) shuffled.push(...deck.splice(random.integer(0, deck.length - 1), 1));
  return shuffled;
}

/** Has so many workers do one step after the other, until a step says that there is none left. */
async function inParallel(workers: number, step: () => Promise<boolean>): Promise<void> {
  await Promise.all(
    Array.from({ length: workers }, async () => {
      while (await step());
    }),
  );
}
