import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  aSigner,
  type BundleTexts,
  createMemoryLog,
  exportOf,
  type MemoryLog,
  sourceOf,
} from '../audit-log.fixtures.ts';
import { openBundleDirectory } from './bundle-source.ts';
import { type VerifyOptions, verifyBundle } from './verify-bundle.ts';
import { writeBundle } from './write-bundle.ts';

async function aLog(): Promise<MemoryLog> {
  const log = createMemoryLog();
  log.append(10);
  await log.seal();
  log.append(10);
  await log.seal();
  return log;
}

async function findingsOf(texts: BundleTexts, options: VerifyOptions = {}) {
  const { findings } = await verifyBundle(sourceOf(texts), options);
  return findings.map(({ kind, message }) => `${kind}: ${message}`);
}

const textOf = (lines: readonly string[]) => Buffer.from(lines.map((it) => `${it}\n`).join(''));

describe('a finding', () => {
  it('names the event that was changed', async () => {
    const log = await aLog();
    const edited = log.lines.map((line) => line.replace('event 7 ', 'event x '));
    expect(await findingsOf({ ...(await exportOf(log)), events: textOf(edited) })).toEqual([
      'changed: Event 7 is not the one that event 8 (line 8) was chained to.',
    ]);
  });

  it('names the stretch in which the history was chained anew', async () => {
    const log = await aLog();
    const forged = createMemoryLog();
    forged.append(14);
    forged.append(1, 'forged');
    forged.append(5);
    expect(await findingsOf({ ...(await exportOf(log)), events: textOf(forged.lines) })).toEqual([
      'changed: Among events 11 to 20 are others than those that the checkpoint of 20 events seals. They were changed, or are of another history of this log.',
    ]);
  });

  it('names the one event before a checkpoint that is not the sealed one', async () => {
    const log = await aLog();
    const edited = log.lines.map((line) => line.replace('event 20 ', 'event x '));
    expect(
      await findingsOf({
        ...(await exportOf(log, { from: 20 })),
        events: textOf(edited.slice(19)),
      }),
    ).toEqual([
      'changed: Event 20 is not the one that the checkpoint of 20 events seals. It was changed, or is of another history of this log.',
    ]);
  });

  it('names what is missing, doubled, swapped and cut off', async () => {
    const log = await aLog();
    const whole = await exportOf(log);
    const edited = (edit: (lines: string[]) => string[]) => textOf(edit([...log.lines]));
    const removed = edited((lines) => lines.toSpliced(4, 2));
    expect(await findingsOf({ ...whole, events: removed })).toEqual([
      'removed: Events 5 to 6 should be before line 5, and are missing.',
    ]);
    const doubled = edited((lines) => lines.toSpliced(9, 0, lines[3] ?? ''));
    expect(await findingsOf({ ...whole, events: doubled })).toEqual([
      'inserted: Line 10 says that it is event 4, which is not its place: after event 9.',
    ]);
    const swapped = edited(([a = '', b = '', ...rest]) => [b, a, ...rest]);
    expect(await findingsOf({ ...whole, events: swapped })).toEqual([
      'reordered: Event 1 stands in line 2, after event 2.',
    ]);
    const cut = edited((lines) => lines.slice(0, -3));
    expect(await findingsOf({ ...whole, events: cut })).toEqual([
      'truncated: The log ends after event 17: events 18 to 20 should follow.',
    ]);
    expect(await findingsOf({ ...whole, events: whole.events.subarray(0, -1) })).toEqual([
      'truncated: Line 20 is cut: there is no line feed at its end.',
    ]);
    expect(await findingsOf({ ...whole, events: new Uint8Array() })).toEqual([
      'truncated: There are no events: events 1 to 20 should be there.',
    ]);
  });

  it('says when there is more than was sealed', async () => {
    const log = await aLog();
    const whole = await exportOf(log);
    log.append(2);
    expect(await findingsOf({ ...whole, events: textOf(log.lines) })).toEqual([
      'inserted: From line 21 on there is more than the checkpoint of 20 events and its proof cover.',
    ]);
  });

  it.each<[string, (whole: BundleTexts) => Partial<BundleTexts>, string]>([
    ['a checkpoint that is none', () => ({ checkpoint: 'hello\n' }), 'malformed'],
    ['a checkpoint of bytes', () => ({ checkpoint: '\0\uFFFD\n\n\n' }), 'malformed'],
    [
      'a checkpoint with another root',
      ({ checkpoint }) => ({ checkpoint: checkpoint.replace('\n20\n', '\n21\n') }),
      'untrusted',
    ],
    ['a public key that is none', () => ({ publicKey: 'ssh-rsa AAAA' }), 'malformed'],
    ['a proof that is none', () => ({ part: '[1]' }), 'malformed'],
    ['a proof that is no JSON', () => ({ part: '{' }), 'malformed'],
    [
      'a proof of another part',
      ({ part = '' }) => ({ part: part.replace('"from": 1', '"from": 2') }),
      'malformed',
    ],
    [
      'a proof beyond the checkpoint',
      ({ part = '' }) => ({ part: part.replace('"to": 20', '"to": 900') }),
      'malformed',
    ],
    [
      'a line of another program',
      ({ events }) => ({ events: Buffer.concat([Buffer.from('{"a":1}\n'), events]) }),
      'malformed',
    ],
    ['bytes that are no text', () => ({ events: Buffer.from([255, 0, 10, 254, 10]) }), 'malformed'],
    ['a line without an end', () => ({ events: Buffer.alloc(1_000_000, 'x') }), 'malformed'],
    ['further checkpoints that are none', () => ({ checkpoints: '{}\n' }), 'malformed'],
    [
      'further checkpoints that are changed',
      ({ checkpoints = '' }) => ({ checkpoints: checkpoints.replace('n10', 'n11') }),
      'untrusted',
    ],
    [
      'further checkpoints that are cut',
      ({ checkpoints = '' }) => ({ checkpoints: checkpoints.slice(0, -5) }),
      'malformed',
    ],
  ])('tells of %s', async (_name, edit, kind) => {
    const whole = await exportOf(await aLog());
    const { isWhole, findings } = await verifyBundle(sourceOf({ ...whole, ...edit(whole) }));
    expect(isWhole).toBe(false);
    expect(findings.map((finding) => finding.kind)).toContain(kind);
  });

  it('tells of the export of another log', async () => {
    const other = createMemoryLog(aSigner('ab'.repeat(16)), 'ab'.repeat(16));
    other.append(20);
    await other.seal();
    const own = await exportOf(await aLog());
    const { findings } = await verifyBundle(
      sourceOf({ ...own, events: (await exportOf(other)).events }),
    );
    expect(findings.map(({ kind }) => kind)).toContain('foreign');
    const trusted = { publicKey: (await aLog()).signer.verifierKey };
    expect(await findingsOf(own, trusted)).toEqual([
      expect.stringContaining('untrusted: The checkpoint: Not trusted'),
    ]);
  });

  it('is kept up to a bound, and counted beyond', async () => {
    const whole = await exportOf(await aLog());
    const events = Buffer.from('nothing\n'.repeat(20));
    const found = await verifyBundle(sourceOf({ ...whole, events }), { maxFindings: 3 });
    expect([found.findings.length, found.findingCount]).toEqual([3, 20]);
  });

  it('is not missing where it must be: without a public key nothing is verified', async () => {
    const whole = await exportOf(await aLog());
    const source = sourceOf({ ...whole, publicKey: undefined });
    await expect(verifyBundle(source)).rejects.toMatchObject({ code: 'inaccessible' });
  });
});

describe('a log whose key was changed', () => {
  async function aRotatedLog() {
    const log = createMemoryLog();
    const keys = [log.signer];
    for (let rotation = 0; rotation < 3; rotation += 1) {
      log.append(5);
      await log.seal();
      await log.rotate();
      keys.push(log.signer);
    }
    log.append(5);
    await log.seal();
    return { log, keys };
  }

  it('is verified with any of its keys, whole and in part', async () => {
    const { log, keys } = await aRotatedLog();
    for (const range of [{}, { from: 12, to: 20 }]) {
      const texts = await exportOf(log, range);
      for (const { verifierKey } of keys) {
        const found = await verifyBundle(sourceOf(texts), { publicKey: verifierKey });
        expect(found.findings).toEqual([]);
        expect(found.keys).toEqual(keys.map((key) => key.verifierKey.text));
      }
    }
  });

  it('is not trusted with a key that was never its own, or when the way between keys is gone', async () => {
    const { log, keys } = await aRotatedLog();
    const texts = await exportOf(log);
    expect(await findingsOf(texts, { publicKey: aSigner().verifierKey })).toEqual([
      'untrusted: Not trusted: the trusted key is none of the keys of the log.',
    ]);
    const lines = (texts.checkpoints ?? '').trimEnd().split('\n');
    const handovers = lines.flatMap((line, index) => (line.includes('succession') ? [index] : []));
    const [first] = keys;
    for (const gone of handovers) {
      const checkpoints = lines.filter((_, index) => index !== gone).join('\n');
      const found = await verifyBundle(sourceOf({ ...texts, checkpoints: `${checkpoints}\n` }), {
        publicKey: first?.verifierKey,
      });
      expect(found.isWhole).toBe(false);
    }
  });

  it('is not handed over by one key alone', async () => {
    const { log, keys } = await aRotatedLog();
    const texts = await exportOf(log);
    const [first] = keys;
    const id = Buffer.from(first?.verifierKey.keyId ?? '', 'hex');
    expect(id).toHaveLength(4);
    // The signature of the key that is left is taken out of the first note that hands over.
    const checkpoints = (texts.checkpoints ?? '')
      .split('\n')
      .map((line) =>
        line.includes('succession') ? line.replace(/\\n\u2014 [^\\]*\\n/, '\\n') : line,
      )
      .join('\n');
    const found = await verifyBundle(sourceOf({ ...texts, checkpoints }), {
      publicKey: log.signer.verifierKey,
    });
    expect(found.findings).toMatchObject([{ kind: 'untrusted' }]);
  });
});

describe('a log whose key was lost', () => {
  async function aLogWithALostKey() {
    const log = await aLog();
    const lost = log.signer.verifierKey;
    const witness = (await log.seal()).note;
    await log.replaceLostKey();
    const found = log.signer.verifierKey;
    await log.rotate();
    log.append(3);
    await log.seal();
    return { log, lost, found, witness };
  }

  it('is verified with each key after that, back to its beginning', async () => {
    const { log, found, lost } = await aLogWithALostKey();
    const texts = await exportOf(log);
    for (const publicKey of [found, log.signer.verifierKey, undefined]) {
      const verified = await verifyBundle(sourceOf(texts), { publicKey });
      expect(verified).toMatchObject({ isWhole: true, events: 25 });
      expect(verified.keys).toEqual([lost.text, found.text, log.signer.verifierKey.text]);
    }
  });

  it('is held to what the lost key has sealed, by a checkpoint that was kept', async () => {
    const { log, found, witness } = await aLogWithALostKey();
    const texts = await exportOf(log);
    const options = { publicKey: found, witnesses: [witness] };
    expect(await findingsOf(texts, options)).toEqual([]);
    const other = createMemoryLog(aSigner());
    other.append(20, 'another history');
    const forged = await other.seal();
    // Signed by a key that the log never had.
    expect(await findingsOf(texts, { publicKey: found, witnesses: [forged.note] })).toEqual([
      'untrusted: Witness 1: Not trusted: the signature of the checkpoint is not one of the trusted key.',
    ]);
  });

  it('is not trusted by whoever knows the lost key alone, and is told where to look', async () => {
    const { log, lost, found } = await aLogWithALostKey();
    const [finding, ...more] = await findingsOf(await exportOf(log), { publicKey: lost });
    expect(more).toEqual([]);
    expect(finding).toContain(
      'untrusted: Not trusted: after 21 events the key of the log was lost',
    );
    expect(finding).toContain(found.text);
  });

  it('needs the signature of the new key', async () => {
    const { log } = await aLogWithALostKey();
    const texts = await exportOf(log);
    const checkpoints = (texts.checkpoints ?? '')
      .split('\n')
      .map((line) =>
        line.includes('replacement')
          ? line.replace(/\\n\u2014 [^\\]*\\n/, '\\n\u2014 a AAAAAAA=\\n')
          : line,
      )
      .join('\n');
    expect(checkpoints).not.toBe(texts.checkpoints);
    const { isWhole } = await verifyBundle(sourceOf({ ...texts, checkpoints }));
    expect(isWhole).toBe(false);
  });
});

describe('an export', () => {
  function aDirectory(): string {
    const directory = mkdtempSync(join(tmpdir(), 'claviger-audit-log-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    return directory;
  }

  it('is written and read back, and readable for its owner alone', async () => {
    const log = await aLog();
    const directory = join(aDirectory(), 'export');
    const checkpoint = await log.seal();
    const { verifierKey: publicKey } = log.signer;
    await writeBundle(log.store, { directory, from: 3, to: 18, checkpoint, publicKey });
    expect(statSync(join(directory, 'events.jsonl')).mode & 0o777).toBe(0o600);
    const found = await verifyBundle(await openBundleDirectory(directory), { publicKey });
    expect(found).toMatchObject({ isWhole: true, events: 16, from: 3, to: 18, treeSize: 20 });
    const again = writeBundle(log.store, { directory, from: 3, to: 18, checkpoint, publicKey });
    await expect(again).rejects.toThrow(/not empty/);
  });

  it('of no events can be made', async () => {
    const log = await aLog();
    const directory = join(aDirectory(), 'export');
    const checkpoint = await log.seal();
    const { verifierKey: publicKey } = log.signer;
    await writeBundle(log.store, { directory, from: 5, to: 4, checkpoint, publicKey });
    const found = await verifyBundle(await openBundleDirectory(directory));
    expect(found).toMatchObject({ isWhole: true, events: 0 });
  });

  it('is not verified when a file is missing, or is a directory', async () => {
    const directory = aDirectory();
    await expect(openBundleDirectory(join(directory, 'none'))).rejects.toThrow(/is not there/);
    writeFileSync(join(directory, 'events.jsonl'), '');
    await expect(openBundleDirectory(directory)).rejects.toThrow(/checkpoint is not there/);
    await expect(openBundleDirectory(join(directory, 'events.jsonl'))).rejects.toMatchObject({
      code: 'inaccessible',
    });
  });
});
