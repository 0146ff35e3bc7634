import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anEvent, collectingLog, someEvents } from '../delivery.fixtures.ts';
import type { Sink, SinkEvent } from '../sink.ts';
import { createFileSink, type FileSinkOptions } from './file-sink.ts';

const signal = new AbortController().signal;
let directory: string;
let path: string;
let clockOffset: number;
const open: Sink[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'claviger-file-sink-'));
  path = join(directory, 'audit.jsonl');
  clockOffset = 0;
});
afterEach(async () => {
  for (const sink of open.splice(0)) await sink.close();
  await rm(directory, { recursive: true, force: true });
});

function aSink(options: Partial<FileSinkOptions> = {}): Sink {
  const now = () => Date.now() + clockOffset;
  const sink = createFileSink({ now, log: collectingLog() }, { path, ...options });
  open.push(sink);
  return sink;
}

const linesOf = (events: readonly SinkEvent[]) => events.map(({ body }) => `${body}\n`).join('');
const content = () => readFileSync(path, 'utf8');
const rotatedNames = async () =>
  (await readdir(directory)).filter((name) => name !== 'audit.jsonl').sort();

describe('a file', () => {
  it('has each event as it is stored, a line each, and only its owner may read it', async () => {
    const sink = aSink();
    await sink.deliver(someEvents(2), signal);
    await sink.deliver(someEvents(1, 3), signal);
    expect(content()).toBe(linesOf(someEvents(3)));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is continued after a restart', async () => {
    await aSink().deliver(someEvents(2), signal);
    await aSink().deliver(someEvents(2, 3), signal);
    expect(content()).toBe(linesOf(someEvents(4)));
  });

  it('loses the part of a line that a crash left at its end, and nothing else', async () => {
    await aSink().deliver(someEvents(2), signal);
    await appendFile(path, anEvent(3).body.slice(0, 40));
    await aSink().deliver(someEvents(1, 3), signal);
    expect(content()).toBe(linesOf(someEvents(3)));
  });

  it('is left alone when it ends in something that is no event', async () => {
    await writeFile(path, 'root:x:0:0');
    await expect(aSink().deliver(someEvents(1), signal)).rejects.toMatchObject({
      kind: 'misconfigured',
    });
    expect(content()).toBe('root:x:0:0');
  });

  it('is made anew when somebody moves it away or cuts it', async () => {
    const sink = aSink();
    await sink.deliver(someEvents(1), signal);
    await rename(path, join(directory, 'moved'));
    await sink.deliver(someEvents(1, 2), signal);
    expect(content()).toBe(linesOf(someEvents(1, 2)));
    await writeFile(path, '');
    await sink.deliver(someEvents(1, 3), signal);
    expect(content()).toBe(linesOf(someEvents(1, 3)));
  });

  it('that cannot be is said to be misconfigured, until it can be', async () => {
    const sink = aSink({ path: join(directory, 'missing', 'audit.jsonl') });
    const failure = { kind: 'misconfigured', message: expect.stringContaining('ENOENT') };
    await expect(sink.deliver(someEvents(1), signal)).rejects.toMatchObject(failure);
    await mkdir(join(directory, 'missing'));
    await sink.deliver(someEvents(1), signal);
    expect(readFileSync(join(directory, 'missing', 'audit.jsonl'), 'utf8')).toBe(
      linesOf(someEvents(1)),
    );
  });

  it('must be a regular file', async () => {
    const failure = { kind: 'misconfigured' };
    await expect(aSink({ path: '/dev/null' }).deliver(someEvents(1), signal)).rejects.toMatchObject(
      failure,
    );
    await expect(aSink({ path: directory }).deliver(someEvents(1), signal)).rejects.toMatchObject(
      failure,
    );
  });
});

describe('rotation', () => {
  const sizeOf = (count: number) => linesOf(someEvents(count)).length;

  it('begins a new file when one is full, and compresses the old one', async () => {
    const sink = aSink({ maxBytes: sizeOf(3) });
    for (const first of [1, 3, 5]) await sink.deliver(someEvents(2, first), signal);
    await sink.close();
    const names = await rotatedNames();
    expect(names).toEqual([
      expect.stringMatching(/^audit-\d{8}T\d{9}Z\.jsonl\.gz$/),
      expect.stringMatching(/^audit-\d{8}T\d{9}Z\.jsonl\.gz$/),
    ]);
    const parts = await Promise.all(names.map((name) => readFile(join(directory, name))));
    expect(Buffer.concat(parts.map((part) => gunzipSync(part))) + content()).toBe(
      linesOf(someEvents(6)),
    );
    expect(statSync(join(directory, names[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  it('begins a new file when one is old, also after a restart', async () => {
    await aSink({ maxAgeMs: 60_000 }).deliver(someEvents(1), signal);
    clockOffset = 61_000;
    const sink = aSink({ maxAgeMs: 60_000, compress: false });
    await sink.deliver(someEvents(1, 2), signal);
    expect(content()).toBe(linesOf(someEvents(1, 2)));
    expect(await rotatedNames()).toEqual([expect.stringMatching(/Z\.jsonl$/)]);
  });

  it('compresses what a crash left uncompressed, and begins anew what it left half done', async () => {
    const left = join(directory, 'audit-20260302T091407310Z.jsonl');
    await writeFile(left, linesOf(someEvents(2)));
    await writeFile(`${left}.gz.part`, 'half');
    const sink = aSink();
    await sink.deliver(someEvents(1, 3), signal);
    await sink.close();
    expect(await rotatedNames()).toEqual(['audit-20260302T091407310Z.jsonl.gz']);
    expect(gunzipSync(await readFile(`${left}.gz`)).toString()).toBe(linesOf(someEvents(2)));
  });

  it('keeps as many old files as told, the youngest, and touches no others', async () => {
    const foreign = ['audit-notes.jsonl', 'other-20260302T091407310Z.jsonl.gz'];
    for (const name of foreign) await writeFile(join(directory, name), '');
    const sink = aSink({ maxBytes: 1, keep: 2 });
    for (const event of someEvents(5)) await sink.deliver([event], signal);
    await sink.close();
    const names = (await rotatedNames()).filter((name) => !foreign.includes(name));
    const kept = await Promise.all(names.map((name) => readFile(join(directory, name))));
    expect(kept.map((bytes) => gunzipSync(bytes).toString())).toEqual([
      linesOf(someEvents(1, 3)),
      linesOf(someEvents(1, 4)),
    ]);
    expect(await rotatedNames()).toEqual(expect.arrayContaining(foreign));
  });
});

/** A file system of 64 KiB, where this may be had: it takes root on Linux. */
function mountTiny(): string | undefined {
  const { pid } = process;
  const mount = join(tmpdir(), `claviger-tiny-${pid}`);
  try {
    execFileSync('mkdir', ['-p', mount]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', mount], { stdio: 'ignore' });
    return mount;
  } catch {
    return undefined;
  }
}

describe('a full disk', () => {
  const mount = mountTiny();
  afterEach(() => {
    if (mount !== undefined) execFileSync('umount', [mount]);
  });

  it.skipIf(mount === undefined)(
    'fails the batch, leaves whole lines, and takes the batch when there is room (needs the right to mount)',
    async () => {
      if (mount === undefined) return;
      const ballast = join(mount, 'ballast');
      await writeFile(ballast, Buffer.alloc(40 * 1024));
      const full = join(mount, 'audit.jsonl');
      const sink = aSink({ path: full });
      await sink.deliver(someEvents(10), signal);
      const before = readFileSync(full, 'utf8');
      await expect(sink.deliver(someEvents(60, 11), signal)).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('ENOSPC'),
      });
      expect(readFileSync(full, 'utf8')).toBe(before);
      await rm(ballast);
      await sink.deliver(someEvents(60, 11), signal);
      expect(readFileSync(full, 'utf8')).toBe(linesOf(someEvents(70)));
      await sink.close();
    },
  );
});
