/**
 * What dead sinks cost the operations: `pnpm conformance:sinks-down [--turns 12] [--seconds 1]`. A gateway
 * without sinks and one with two dead ones run beside each other and take turns under the same load, so
 * that whatever else the machine does hits both. Build the gateway first.
 */

import { argv, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { clientOf } from '../../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../../gateway-process.ts';
import { makeDeadSinks } from './dead-sinks.ts';
import { type LoadReport, measureLoad } from './measure-load.ts';

const SENDERS = 8;

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    turns: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '1' },
  },
});
const milliseconds = Number(values.seconds) * 1_000;

/** One gateway under load, turn by turn. */
function contestant(gateway: GatewayProcess) {
  const client = clientOf(gateway, undefined, { maxConnections: SENDERS });
  const turns: LoadReport[] = [];
  return {
    turns,
    load: () => measureLoad(client, { senders: SENDERS, milliseconds }),
    async end(): Promise<void> {
      await client.close();
      await gateway.stop();
    },
  };
}

function medianOf(numbers: readonly number[]): number {
  return (
    numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN
  );
}

function describe(turns: readonly LoadReport[]): string {
  const operations = turns.reduce((sum, turn) => sum + turn.operations, 0);
  const rate = medianOf(turns.map((turn) => turn.operationsPerSecond));
  const median = medianOf(turns.map((turn) => turn.median));
  const p99 = medianOf(turns.map((turn) => turn.p99));
  return `${operations} operations, ${rate.toFixed(0)} a second, median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}

const sinks = await makeDeadSinks();
const deadGateway = await startGateway({ env: sinks.env });
const without = contestant(await startGateway());
const dead = contestant(deadGateway);
for (const one of [without, dead]) await one.load();
for (let turn = 0; turn < Number(values.turns); turn += 1) {
  // Each goes first in every other turn.
  const order = turn % 2 === 0 ? [without, dead] : [dead, without];
  for (const one of order) one.turns.push(await one.load());
}
if (!deadGateway.stderr.includes('a sink cannot deliver')) throw new Error('No sink was dead.');
await without.end();
await dead.end();
sinks.close();

const ratioOf = (value: (turn: LoadReport) => number) =>
  medianOf(
    dead.turns.map((turn, index) => {
      const other = without.turns[index];
      return other === undefined ? Number.NaN : value(turn) / value(other);
    }),
  ).toFixed(2);
stdout.write(`without sinks:  ${describe(without.turns)}\n`);
stdout.write(`two dead sinks: ${describe(dead.turns)}\n`);
stdout.write(
  `With two dead sinks: ${ratioOf((turn) => turn.operationsPerSecond)} times the throughput, ` +
    `${ratioOf((turn) => turn.median)} times the median latency (median of ${dead.turns.length} turns).\n`,
);
