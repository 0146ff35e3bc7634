/**
 * What several processes may do to one database: be killed in the middle of commits, and write at the
 * same time. A kill shows that nothing acknowledged waits in the process; that the disk keeps what
 * fsync was told is SQLite's promise, for which `open-database.test.ts` checks the settings.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventRecord } from './records.ts';
import { openSqliteKeyStore } from './sqlite-store.ts';
import type { KeyStore } from './store.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';

interface Acknowledged {
  readonly sequence: number;
  readonly eventId: string;
  readonly objectId: string;
}

interface CommitLoop {
  readonly process: ChildProcess;
  /** Grows while the process runs. */
  readonly acknowledged: readonly Acknowledged[];
  /** Resolves when that many were acknowledged. */
  atLeast(count: number): Promise<void>;
  /** Resolves when the process has ended and all it printed was read. */
  readonly ended: Promise<unknown>;
}

function startCommitLoop(path: string, count: number): CommitLoop {
  const program = fileURLToPath(new URL('./commit-loop.fixtures.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), program, path, String(count)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const acknowledged: Acknowledged[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    // The last line of a process that was killed may be cut off: then nobody saw that answer.
    const [, sequence, eventId, objectId] = /^(\d+) (\S{36}) (\S{36})$/.exec(line) ?? [];
    if (sequence === undefined || eventId === undefined || objectId === undefined) return;
    acknowledged.push({ sequence: Number(sequence), eventId, objectId });
    for (const { count, resolve } of waiting) if (acknowledged.length >= count) resolve();
  });
  return {
    process: child,
    acknowledged,
    atLeast: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
      }),
    ended: Promise.all([once(lines, 'close'), once(child, 'exit')]),
  };
}

async function wholeLog(store: KeyStore): Promise<readonly EventRecord[]> {
  return store.listEvents({ afterSequence: 0, limit: 1_000_000 });
}

function expectNoGaps(log: readonly EventRecord[]): void {
  expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, position) => position + 1));
}

describe('several processes', () => {
  it('lose nothing that was acknowledged when they are killed while they commit', async () => {
    const path = join(await temporaryDirectory(), 'a.db');
    const acknowledged: Acknowledged[] = [];
    for (const count of [3, 40, 111]) {
      const loop = startCommitLoop(path, 1_000_000);
      await loop.atLeast(count);
      loop.process.kill('SIGKILL');
      await loop.ended;
      acknowledged.push(...loop.acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(154);

    const store = await openSqliteKeyStore({ path });
    onTestFinished(() => store.close());
    const log = await wholeLog(store);
    expectNoGaps(log);
    for (const { sequence, eventId, objectId } of acknowledged) {
      const event = log[sequence - 1];
      expect(event).toMatchObject({ sequence, id: eventId, targetId: objectId });
      expect(await store.readObject(event?.adapterId ?? '', objectId)).toBeDefined();
    }
    // Every unit is there as a whole: as many objects as events.
    const objects = await store.listObjects(undefined, { offset: 0, limit: 1_000_000 });
    expect(objects).toHaveLength(log.length);
  });

  it('write at the same time into one log without gaps', async () => {
    const path = join(await temporaryDirectory(), 'a.db');
    const count = 120;
    const loops = [startCommitLoop(path, count), startCommitLoop(path, count)];
    const store = await openSqliteKeyStore({ path });
    onTestFinished(() => store.close());
    await Promise.all(loops.map((loop) => loop.ended));
    const log = await wholeLog(store);
    expect(log).toHaveLength(2 * count);
    expectNoGaps(log);
    const acknowledged = loops.flatMap((loop) => loop.acknowledged);
    expect(new Set(acknowledged.map(({ sequence }) => sequence)).size).toBe(2 * count);
  });
});
