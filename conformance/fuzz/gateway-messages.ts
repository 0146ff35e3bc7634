/** Whole messages over TLS to a built gateway: each is answered in KMIP, or ends its connection. */

import type { ResponseBatchItem } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import type { GatewayProcess } from '../gateway-process.ts';
import { connectRaw, parseAnswer, type RawConnection } from '../raw-connection.ts';
import type { Random } from '../seeded-random.ts';
import { hexOf, type Tally } from './finding.ts';
import { damagedMessage } from './messages.ts';

const TARGET = 'gateway';
/** So much of a message that announced more is waited for no longer. */
const UNFINISHED_MS = 200;

export interface GatewayFuzzer {
  /** Sends one message. @throws Error when no connection can be made any more. */
  step(): Promise<void>;
  stop(): void;
}

export function createGatewayFuzzer(
  gateway: GatewayProcess,
  seeds: readonly TtlvItem[],
  random: Random,
  tally: Tally,
): GatewayFuzzer {
  let connection: RawConnection | undefined;
  return {
    async step() {
      const bytes = damagedMessage(seeds, random);
      tally.begin(TARGET, bytes);
      connection ??= await connectRaw(gateway);
      const started = performance.now();
      connection.send(bytes);
      // A message that is shorter than it says is none yet: the connection is left to the gateway.
      if (isUnfinished(bytes)) {
        const { socket } = connection;
        setTimeout(() => socket.destroy(), UNFINISHED_MS);
        connection = undefined;
        tally.count(TARGET, 'unfinished', 0);
        return;
      }
      try {
        const answer = await connection.receive();
        if (answer === undefined) connection = undefined;
        const [first] = answer === undefined ? [] : parseAnswer(answer).items;
        const outcome = answer === undefined ? 'close' : (first?.resultReason ?? 'Success');
        tally.count(TARGET, outcome, performance.now() - started);
        // What follows in the same bytes would be answered as well, and be taken for the next answer; and after
        // the roles were turned it is the gateway that asks.
        if (lengthOf(bytes) < bytes.length || turnsRoles(first)) {
          connection?.socket.destroy();
          connection = undefined;
        }
      } catch (error) {
        connection?.socket.destroy();
        connection = undefined;
        const problem = error instanceof Error ? error.message : 'no error';
        tally.find({ target: TARGET, problem, input: hexOf(bytes) });
      }
    },
    stop: () => connection?.socket.destroy(),
  };
}

function turnsRoles(first: ResponseBatchItem | undefined): boolean {
  return first?.operation === 'SetEndpointRole' && first.resultStatus === 'Success';
}

function isUnfinished(bytes: Uint8Array): boolean {
  return bytes.length < lengthOf(bytes);
}

/** Bytes of the first message, by its own word; 8 is the least that says it. */
function lengthOf(bytes: Uint8Array): number {
  if (bytes.length < 8) return 8;
  return 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
}
