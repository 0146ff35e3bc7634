/**
 * The load: many connections with several requests under way on each, so that the gateway has commits to
 * group. One key has one message under way at a time, so that what to expect of it is always known.
 */

import { type KmipClient, KmipClientError } from '@claviger/kmip-client';
import { clientOf } from '../gateway-client.ts';
import type { GatewayProcess } from '../gateway-process.ts';
import { createRandom, type Random } from '../seeded-random.ts';
import { ACTIONS, type Action } from './actions.ts';
import { apply, newTrackedKey, type TrackedKey } from './tracked-key.ts';

const CLIENTS = 8;
const UNDER_WAY_PER_CLIENT = 4;

export interface Load {
  /** Messages acknowledged so far. */
  readonly acknowledged: number;
  readonly newKeys: readonly TrackedKey[];
  /** Keys with a message in this load, new ones included. */
  readonly touched: ReadonlySet<TrackedKey>;
  readonly firstAnswer: Promise<void>;
  /**
   * Resolves when every worker has ended, which they do when the gateway is gone.
   *
   * @throws whatever the gateway did otherwise than expected.
   */
  readonly ended: Promise<void>;
}

/**
 * Starts the load.
 *
 * @param keys - Those of earlier loads, with nothing under way.
 * @param names - `prefix` is what the names of new keys begin with; no other load has it.
 */
export function startLoad(
  gateway: GatewayProcess,
  keys: readonly TrackedKey[],
  names: { readonly prefix: string; readonly seed: number },
): Load {
  const idle = [...keys];
  const newKeys: TrackedKey[] = [];
  const touched = new Set<TrackedKey>();
  let acknowledged = 0;
  let answered: (() => void) | undefined;
  const firstAnswer = new Promise<void>((resolve) => {
    answered = resolve;
  });

  function newKey(name: string): TrackedKey {
    const key = newTrackedKey(name);
    newKeys.push(key);
    return key;
  }

  async function work(client: KmipClient, name: string, random: Random): Promise<void> {
    for (let count = 1; ; count++) {
      const key = takeKey(idle, random) ?? newKey(`${name}-${count}`);
      touched.add(key);
      if (!(await perform(client, key, random.pick(actionsFor(key))))) return;
      acknowledged++;
      answered?.();
      idle.push(key);
    }
  }

  const clients = Array.from({ length: CLIENTS }, () =>
    clientOf(gateway, undefined, { pipelining: UNDER_WAY_PER_CLIENT }),
  );
  const workers = clients.flatMap((client, at) =>
    Array.from({ length: UNDER_WAY_PER_CLIENT }, (_, lane) => {
      const number = at * UNDER_WAY_PER_CLIENT + lane;
      return work(client, `${names.prefix}-${number}`, createRandom(names.seed + number));
    }),
  );
  const ended = Promise.allSettled(workers).then(async (outcomes) => {
    await Promise.all(clients.map((client) => client.close()));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  });
  return {
    get acknowledged() {
      return acknowledged;
    },
    newKeys,
    touched,
    firstAnswer,
    ended,
  };
}

/** Takes one at random out of those with nothing under way; undefined when a new one is due. */
function takeKey(idle: TrackedKey[], random: Random): TrackedKey | undefined {
  if (idle.length === 0 || random.integer(1, 3) === 1) return undefined;
  const at = random.integer(0, idle.length - 1);
  const [chosen, last] = [idle[at], idle.pop()];
  if (last !== undefined && at < idle.length) idle[at] = last;
  return chosen;
}

function actionsFor({ state }: TrackedKey): readonly Action[] {
  const actions: readonly Action[] = Object.values(ACTIONS);
  return actions.filter(({ states }) => states.includes(state));
}

/** @returns false when no answer came: the message stays noted as under way. */
async function perform(client: KmipClient, key: TrackedKey, action: Action): Promise<boolean> {
  const deed = action.deed(key);
  key.underWay = deed;
  try {
    await action.send(client, key, deed);
  } catch (error) {
    if (error instanceof KmipClientError && NO_ANSWER.has(error.code)) return false;
    throw error;
  }
  key.underWay = undefined;
  apply(key, deed);
  return true;
}

const NO_ANSWER: ReadonlySet<string> = new Set(['closed', 'connect-failed', 'tls-refused']);
