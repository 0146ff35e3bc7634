/** Every action's events in strict CADF, judged by pycadf; and by the published schema, with jsonschema. */

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type AuditEvent, toStrictCadf } from '@claviger/audit-emitter';
import { ALL_ACTIONS, aFailure, anEvent, aSuccess } from '@claviger/audit-emitter/testing';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeWithPython } from '../describe-with-tool.ts';

const SCHEMA = fileURLToPath(
  new URL('../../packages/audit-emitter/schema/audit-event.schema.json', import.meta.url),
);
const JUDGE = fileURLToPath(new URL('judge.py', import.meta.url));
const TIMEOUT_MS = 120_000;

const Judgement = z.object({ action: z.string(), faults: z.array(z.string()) });
type Pair = { readonly event: object; readonly cadf: object };

function pairOf(event: AuditEvent): Pair {
  return { event, cadf: toStrictCadf(event) };
}

await describeWithPython('pycadf', import.meta.dirname, (python) => {
  async function judge(pairs: readonly Pair[]): Promise<z.output<typeof Judgement>[]> {
    const process = spawn(python, [JUDGE, SCHEMA], { stdio: ['pipe', 'pipe', 'pipe'] });
    process.stdin.end(pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''));
    const [out, err] = await Promise.all([text(process.stdout), text(process.stderr)]);
    expect(err).toBe('');
    const lines = out.split('\n').filter((line) => line !== '');
    return lines.map((line) => Judgement.parse(JSON.parse(line)));
  }

  it(
    'finds nothing wrong with any action, well or refused, in the log or on its way there',
    async () => {
      const log = { node: 'ab'.repeat(16), sequence: 7, previousHash: '00'.repeat(32) };
      const initiator = {
        kind: 'anonymous',
        hostAddress: '203.0.113.24',
        agent: 'curl/8.5.0',
      } as const;
      const events = [
        ...ALL_ACTIONS.flatMap((action) => [
          aSuccess(action),
          aFailure(action),
          { ...aSuccess(action), log },
        ]),
        anEvent(),
        anEvent({ initiator }),
      ];
      const judgements = await judge(events.map(pairOf));
      expect(judgements).toHaveLength(events.length);
      expect(judgements.filter(({ faults }) => faults.length > 0)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'finds what is wrong',
    async () => {
      const { event, cadf } = pairOf(anEvent());
      const judgements = await judge([
        { event, cadf: { ...cadf, action: 'hs-crypto.kmip-key.create' } },
        { event, cadf: { ...cadf, outcome: 'done' } },
        { event, cadf: { ...cadf, reason: { reasonCode: '200' } } },
        { event: { ...event, severity: 'grave' }, cadf },
      ]);
      expect(judgements.map(({ faults }) => faults.length > 0)).toEqual([true, true, true, true]);
    },
    TIMEOUT_MS,
  );
});
