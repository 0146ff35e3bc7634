/** Whole messages against a dispatcher in this process: every one is answered in KMIP, or ends the connection. */

import { inspect } from 'node:util';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import {
  type MessageRig,
  startMessageRig,
} from '../../packages/kmip-server/src/batch/message-rig.fixtures.ts';
import { parseAnswer } from '../raw-connection.ts';
import type { Random } from '../seeded-random.ts';
import { inTime } from './deadline.ts';
import { hexOf, type Tally } from './finding.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateItems } from './mutate-items.ts';

const TARGET = 'messages';
/** What messages make is kept in memory: a new dispatcher now and then keeps it small. */
const MESSAGES_PER_RIG = 500;
/** How long an answer may take: far above what the slowest take, which make long RSA keys. */
const MOST_MS = 30_000;
/** How long a message waits for the answer to another one: nothing in this process works that long. */
const POLL_WAIT_MS = 5000;

export interface MessageFuzzer {
  /** Sends one message. */
  step(): Promise<void>;
  stop(): Promise<void>;
}

export function createMessageFuzzer(
  seeds: readonly TtlvItem[],
  random: Random,
  tally: Tally,
): MessageFuzzer {
  let rig: MessageRig | undefined;
  let sent = 0;

  async function stop(): Promise<void> {
    const ended = await inTime(
      Promise.resolve(rig?.stop()).then(() => true),
      MOST_MS,
    );
    const problem = 'The dispatcher did not stop after the messages before this one.';
    if (ended === undefined) tally.find({ target: TARGET, problem, input: '' });
  }

  return {
    async step() {
      if (rig === undefined || sent++ % MESSAGES_PER_RIG === 0) {
        await stop();
        rig = await startMessageRig({ pollWaitMs: POLL_WAIT_MS });
      }
      const bytes = damagedMessage(seeds, random);
      tally.begin(TARGET, bytes);
      const started = performance.now();
      const outcome = await inTime(outcomeOf(rig, bytes), MOST_MS);
      const input = hexOf(bytes);
      if (outcome === undefined) {
        tally.find({ target: TARGET, problem: 'It was not answered in time.', input });
        // Whatever holds it up may hold up the next one, too.
        rig = undefined;
      } else if (outcome.problem === undefined) {
        tally.count(TARGET, outcome.outcome, performance.now() - started);
      } else {
        tally.find({ target: TARGET, problem: outcome.problem, input });
      }
    },
    stop,
  };
}

/** Mostly damaged in its items, sometimes in its bytes, now and then not at all. */
export function damagedMessage(seeds: readonly TtlvItem[], random: Random): Uint8Array {
  const item = random.pick(seeds);
  const choice = random.integer(0, 19);
  if (choice === 0) return encodeTtlv(item);
  if (choice > 5) return encodeTtlv(mutateItems(item, random.pick(seeds), random));
  return mutateBytes(encodeTtlv(item), encodeTtlv(random.pick(seeds)), random);
}

interface Outcome {
  readonly outcome: string;
  readonly problem?: string;
}

async function outcomeOf(rig: MessageRig, bytes: Uint8Array): Promise<Outcome> {
  const known = rig.log.lines.length;
  try {
    const processed = await rig.process(bytes);
    if (processed.kind !== 'answer') return { outcome: processed.kind };
    const { items } = parseAnswer(processed.bytes);
    // What nobody thought of is answered in general words and logged: there should be no such thing.
    const unexpected = rig.log.lines.slice(known).find(({ level }) => level === 'error');
    if (unexpected !== undefined) {
      return { outcome: '', problem: `It was logged as an error: ${inspect(unexpected)}` };
    }
    const [first] = items;
    return { outcome: first?.resultReason ?? first?.resultStatus ?? 'no item' };
  } catch (error) {
    return {
      outcome: '',
      problem: `It threw ${error instanceof Error ? error.stack : 'no error'}`,
    };
  }
}
