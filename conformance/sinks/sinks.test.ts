/** The short form; `pnpm conformance:sinks --events 100000` is the long one. */

import { describe, expect, it } from 'vitest';
import { describeWithTool } from '../describe-with-tool.ts';
import { PEERS } from './peers/all-peers.ts';
import { proveDelivery } from './prove-delivery.ts';

const EVENTS = 1_500;
const MAX_EVENTS = 100;
const KILLS = 2;
const TIMEOUT_MS = 300_000;
const seed = Date.now() % 1_000_000;

for (const [name, prepare] of Object.entries(PEERS)) {
  const peer = await prepare();
  if (peer.kind === 'missing') {
    describeWithTool(name, peer, () => {});
    continue;
  }
  describe(name, () => {
    it(
      `has every event, in order, duplicates only by id, after ${KILLS} kills (seed ${seed})`,
      async () => {
        const options = { events: EVENTS, maxEvents: MAX_EVENTS, kills: KILLS, seed };
        const proof = await proveDelivery({ start: peer.start, ...options });
        expect(proof.problems).toEqual([]);
        expect(proof.distinct).toBe(EVENTS);
        expect(proof.kills).toEqual({ process: KILLS / 2, peer: KILLS / 2 });
      },
      TIMEOUT_MS,
    );
  });
}
