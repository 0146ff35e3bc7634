/**
 * The long form of the delivery proof:
 * `pnpm conformance:sinks --events 100000 [--kills 40] [--peer "Kafka broker"] [--seed 1]`.
 */

import { argv, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { PEERS } from './peers/all-peers.ts';
import { proveDelivery } from './prove-delivery.ts';

const MAX_EVENTS = 500;

function count(name: string, text: string): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number > 0) return number;
  stderr.write(`--${name} must be a whole number above 0, not ${text}.\n`);
  return exit(2);
}

const { values } = parseArgs({
  args: argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    events: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '20' },
    peer: { type: 'string' },
    seed: { type: 'string', default: String((Date.now() % 1_000_000) + 1) },
  },
});
const events = count('events', values.events);
const kills = count('kills', values.kills);
const seed = count('seed', values.seed);
const chosen = Object.entries(PEERS).filter(
  ([name]) => values.peer === undefined || name === values.peer,
);
if (chosen.length === 0) {
  stderr.write(`There is no such peer. There are: ${Object.keys(PEERS).join(', ')}.\n`);
  exit(2);
}

stdout.write(`seed ${seed}\n`);
let failed = 0;
for (const [name, prepare] of chosen) {
  const peer = await prepare();
  if (peer.kind === 'missing') {
    stdout.write(`${name}: not tried here: ${peer.why}\n`);
    continue;
  }
  const begun = Date.now();
  const proof = await proveDelivery({
    start: peer.start,
    events,
    maxEvents: MAX_EVENTS,
    kills,
    seed,
  });
  const passed = proof.problems.length === 0 && proof.distinct === events;
  if (!passed) failed += 1;
  for (const problem of proof.problems) stderr.write(`${name}: ${problem}\n`);
  stdout.write(
    `${name}: ${events} events, ${proof.distinct} arrived, ` +
      `${proof.received - proof.distinct} of them again, ` +
      `process killed ${proof.kills.process} times, peer ${proof.kills.peer} times, ` +
      `${Math.round((Date.now() - begun) / 1000)} s. ${passed ? 'Passed' : 'FAILED'}.\n`,
  );
}
exit(failed === 0 ? 0 : 1);
