/** A gateway under load that meets faults, with a ledger of everything that it acknowledged. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkCopy, newLogCopy } from '../durability/check-log.ts';
import { compare } from '../durability/compare.ts';
import { startLoad } from '../durability/load.ts';
import type { EventMark, TrackedKey } from '../durability/tracked-key.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { environmentOf, type InjectedFaults, type StatementFault } from './injected-faults.ts';

export interface SiteOptions<Name extends string> {
  /** A temporary one unless told. */
  readonly directory?: string;
  /** By name; each happens while it is on. */
  readonly faults?: Readonly<Record<Name, Omit<StatementFault, 'whileExists'>>>;
  readonly injected?: Omit<InjectedFaults, 'faults'>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Site<Name extends string = never> {
  /** The one that runs, or that ran last. */
  readonly gateway: GatewayProcess;
  /** Keys of which everything was acknowledged that is noted of them. */
  readonly keys: TrackedKey[];
  begin(fault: Name): void;
  end(fault: Name): void;
  /**
   * Starts the load, and resolves when so many messages were acknowledged: with what resolves when the load
   * has ended, which it does when the gateway closes its connections, and throws when that refuses anything.
   */
  load(messages: number): Promise<() => Promise<void>>;
  /** A key that is there, with its id. */
  aKey(): TrackedKey & { readonly id: string };
  /** Starts the gateway again, which has ended. */
  restart(): Promise<void>;
  /** Compares keys and events with the ledger: what is wrong, a sentence each. */
  problems(): Promise<readonly string[]>;
  /** Compares the log with what every comparison before has read. */
  changesInLog(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const PATIENCE_MS = 60_000;

export async function startSite<Name extends string = never>(
  options: SiteOptions<Name> = {},
): Promise<Site<Name>> {
  const own = mkdtempSync(join(tmpdir(), 'claviger-site-'));
  const { directory = own, faults, injected, env } = options;
  const switchOf = (name: string) => join(own, name.replaceAll(' ', '-'));
  const entries = Object.entries<Omit<StatementFault, 'whileExists'>>(faults ?? {});
  const environment = {
    ...environmentOf({
      ...injected,
      faults: entries.map(([name, fault]) => ({ ...fault, whileExists: switchOf(name) })),
    }),
    ...env,
  };
  const dataDirectory = join(directory, 'data');
  const start = () => startGateway({ dataDirectory, env: environment });
  let gateway = await start();
  const copy = newLogCopy();
  let keys: TrackedKey[] = [];
  let loads = 0;

  return {
    get gateway() {
      return gateway;
    },
    get keys() {
      return keys;
    },
    begin: (fault) => writeFileSync(switchOf(fault), ''),
    end: (fault) => rmSync(switchOf(fault)),
    async load(messages) {
      loads += 1;
      const load = startLoad(gateway, keys, { prefix: `load-${loads}`, seed: loads });
      const ended = load.ended.then(() => {
        keys = [...keys, ...load.newKeys];
      });
      // Looked at below, and by who waits for the end; a failure in between is not left unhandled.
      ended.catch(() => {});
      const deadline = performance.now() + PATIENCE_MS;
      while (load.acknowledged < messages) {
        if (performance.now() > deadline) throw new Error('The gateway does not answer.');
        await Promise.race([ended, delay(5)]);
      }
      return () => ended;
    },
    aKey() {
      const isThere = ({ id, state, underWay }: TrackedKey) =>
        id !== undefined && state?.startsWith('Destroyed') === false && underWay === undefined;
      const found = keys.find(isThere);
      if (found?.id === undefined) throw new Error('There is no key that could be asked for.');
      return Object.assign(found, { id: found.id });
    },
    async restart() {
      gateway = await start();
    },
    async problems() {
      const compared = await compare(gateway, copy, keys, () => true);
      keys = compared.keys;
      return compared.problems;
    },
    changesInLog: () => checkCopy(copy, dataDirectory),
    async close() {
      await gateway.kill('SIGKILL');
      rmSync(own, { recursive: true, force: true });
    },
  };
}

/** Notes an event of a key that was read besides the load. */
export function noteRead(key: TrackedKey, outcome: 'success' | 'failure'): void {
  const mark: EventMark = `hs-crypto.kmip-key.read ${outcome}`;
  key.events.push(mark);
}
