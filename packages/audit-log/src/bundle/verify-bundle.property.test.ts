/** Logs of thousands of events are edited at random: the verifier finds every edit, and nothing else. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  aSigner,
  type BundleTexts,
  createMemoryLog,
  exportOf,
  type MemoryLog,
  sourceOf,
} from '../audit-log.fixtures.ts';
import { type Verification, verifyBundle } from './verify-bundle.ts';

const RUNS = 40;
const TIMEOUT_MS = 240_000;

/** Twins: the same key and the same events up to the fork. */
let log: MemoryLog;
let fork: MemoryLog;
let whole: BundleTexts;
let lines: readonly string[];

beforeAll(async () => {
  const signer = aSigner();
  log = createMemoryLog(signer);
  fork = createMemoryLog(signer);
  for (const it of [log, fork]) {
    it.append(1200);
    await it.seal();
    it.append(1, it === log ? 'event' : 'other');
  }
  for (const it of [log, fork]) {
    it.append(799);
    await it.seal();
    it.append(500);
    await it.seal();
    it.append(37);
    await it.seal();
  }
  whole = await exportOf(log);
  ({ lines } = log);
});

const textOf = (edited: readonly string[]) => Buffer.from(edited.map((it) => `${it}\n`).join(''));
const position = fc.nat({ max: 2536 });

async function verify(edit: Partial<BundleTexts>): Promise<Verification> {
  return await verifyBundle(sourceOf({ ...whole, ...edit }, 7_919), {
    publicKey: log.signer.verifierKey,
  });
}

/** Every edit must be found, and said where: the findings overlap with `where`. */
async function expectFound(
  edited: readonly string[],
  where: { readonly from: number; readonly to: number },
): Promise<void> {
  const { isWhole, findings } = await verify({ events: textOf(edited) });
  expect(isWhole).toBe(false);
  const near = findings.some(({ from = 0, to = Infinity }) => from <= where.to && to >= where.from);
  expect(near, JSON.stringify(findings)).toBe(true);
}

function property<T extends [unknown, ...unknown[]]>(
  arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> },
  check: (...values: T) => Promise<void>,
): Promise<void> {
  return fc.assert(fc.asyncProperty<T>(...arbitraries, check), { numRuns: RUNS });
}

describe('the verifier', () => {
  it(
    'finds nothing in a clean log, whole or in part',
    async () => {
      expect(await verify({})).toMatchObject({ isWhole: true, findings: [], events: 2537 });
      await property([position, position], async (a, b) => {
        const [from, to] = [Math.min(a, b) + 1, Math.max(a, b) + 1];
        const part = await exportOf(log, { from, to });
        const found = await verifyBundle(sourceOf(part));
        expect(found).toMatchObject({
          isWhole: true,
          findings: [],
          events: to - from + 1,
          from,
          to,
        });
      });
    },
    TIMEOUT_MS,
  );

  it(
    'finds any byte that was changed',
    async () => {
      await property([fc.nat(), fc.integer({ min: 1, max: 255 })], async (at, change) => {
        const events = Uint8Array.from(whole.events);
        const index = at % events.length;
        events[index] = (events[index] ?? 0) ^ change;
        expect((await verify({ events })).isWhole).toBe(false);
      });
    },
    TIMEOUT_MS,
  );

  it(
    'finds text that was changed, in which event',
    async () => {
      await property([position], async (at) => {
        const edited = lines.map((line, index) =>
          index === at ? line.replace('event', 'evens') : line,
        );
        if (edited[at] === lines[at]) return; // The one event with another text.
        await expectFound(edited, { from: at + 1, to: at + 1 });
      });
    },
    TIMEOUT_MS,
  );

  it(
    'finds a history that was chained anew from some event on',
    async () => {
      await property([fc.nat({ max: 2500 })], async (at) => {
        const forged = createMemoryLog(aSigner());
        forged.append(at);
        forged.append(1, 'forged');
        forged.append(lines.length - at - 1);
        await expectFound(forged.lines, { from: at + 1, to: lines.length });
      });
    },
    TIMEOUT_MS,
  );

  it(
    'finds events that were dropped',
    async () => {
      await property([position, fc.integer({ min: 1, max: 9 })], async (at, count) => {
        const edited = lines.filter((_, index) => index < at || index >= at + count);
        await expectFound(edited, { from: at + 1, to: Math.min(at + count, lines.length) });
      });
    },
    TIMEOUT_MS,
  );

  it(
    'finds events that were swapped',
    async () => {
      await property([position, position], async (a, b) => {
        if (a === b) return;
        const edited = [...lines];
        [edited[a], edited[b]] = [lines[b] ?? '', lines[a] ?? ''];
        await expectFound(edited, { from: Math.min(a, b) + 1, to: Math.max(a, b) + 1 });
      });
    },
    TIMEOUT_MS,
  );

  it(
    'finds events that were inserted or doubled',
    async () => {
      await property([position, position, fc.boolean()], async (at, from, isForged) => {
        const line = lines[from] ?? '';
        const edited = lines.toSpliced(at, 0, isForged ? line.replace('event', 'forged') : line);
        const { isWhole } = await verify({ events: textOf(edited) });
        expect(isWhole).toBe(false);
      });
    },
    TIMEOUT_MS,
  );

  it(
    'finds a log that was cut, anywhere',
    async () => {
      await property([fc.nat()], async (at) => {
        const events = whole.events.subarray(0, at % whole.events.length);
        const { findings } = await verify({ events });
        expect(findings.some(({ kind }) => kind === 'truncated')).toBe(true);
      });
    },
    TIMEOUT_MS,
  );

  it(
    'finds a log that was cut together with its checkpoint, by the checkpoints or a witness',
    async () => {
      await property([fc.nat({ max: 2 })], async (which) => {
        const { size = 0, note: checkpoint = '' } = log.checkpoints[which] ?? {};
        const events = textOf(lines.slice(0, size));
        const cut = { events, checkpoint, part: undefined };
        expect(await verify(cut)).toMatchObject({ findings: [{ kind: 'replayed' }] });
        const witnessed = await verifyBundle(
          sourceOf({ ...whole, ...cut, checkpoints: undefined }),
          {
            witnesses: [whole.checkpoint],
          },
        );
        expect(witnessed).toMatchObject({ findings: [{ kind: 'replayed' }] });
        expect((await verify({ checkpoint, part: undefined })).isWhole).toBe(false);
      });
    },
    TIMEOUT_MS,
  );

  it('finds the fork of a log that was signed with the same key', async () => {
    const other = await exportOf(fork);
    expect((await verifyBundle(sourceOf(other))).isWhole).toBe(true);
    for (const { note } of log.checkpoints.slice(1)) {
      const witnessed = await verifyBundle(sourceOf(other), { witnesses: [note] });
      expect(witnessed.isWhole).toBe(false);
    }
    for (const file of ['events', 'checkpoint', 'checkpoints'] as const) {
      const mixed = await verify({ [file]: other[file] });
      expect(mixed.isWhole).toBe(false);
    }
    const forked = await verify({ checkpoints: `${whole.checkpoints}${other.checkpoints}` });
    expect(forked.findings.map(({ kind }) => kind)).toContain('forked');
  });
});
