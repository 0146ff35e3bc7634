/**
 * Faults of the disk, each once: a gateway at work refuses while one lasts, works again by itself when it is
 * over, and everything that it has acknowledged is there, in a log that proves itself.
 */

import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KmipClientError } from '@claviger/kmip-client';
import { type Attribute, TAGS } from '@claviger/kmip-protocol';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ACTIONS } from '../durability/actions.ts';
import { apply, newTrackedKey, type TrackedKey } from '../durability/tracked-key.ts';
import { readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { connectManagement, type ManagementClient } from '../management-client.ts';
import { findForms, formsOf } from '../secrets/forms.ts';
import { scanDirectory } from '../secrets/scan-directory.ts';
import { noteRead, type Site, startSite } from './site-with-faults.ts';

const TIMEOUT_MS = 240_000;
const PATIENCE = { timeout: 60_000, interval: 100 };
/** Enough for groups of several messages. */
const MESSAGES = 40;

/** No record, no answer: what cannot be recorded, not even as a failure, is not answered. */
const NOT_ANSWERED = { code: 'closed' };
const GENERAL_FAILURE = { code: 'operation-failed', resultReason: 'GeneralFailure' };

async function createKey(site: Site<never>, name: string): Promise<TrackedKey> {
  const key = newTrackedKey(name);
  const deed = ACTIONS.create.deed();
  key.underWay = deed;
  site.keys.push(key);
  const client = clientOf(site.gateway);
  try {
    await ACTIONS.create.send(client, key);
    key.underWay = undefined;
    apply(key, deed);
    return key;
  } catch (error) {
    // The answer says that there is no key; without an answer, nobody knows.
    if (isGeneralFailure(error)) key.underWay = undefined;
    throw error;
  } finally {
    await client.close();
  }
}

/** Nothing is noted of it. */
async function getKey({ gateway }: Site<never>, id: string): Promise<Uint8Array> {
  const client = clientOf(gateway);
  try {
    const { material } = await client.get(id);
    if (material === undefined) throw new Error('Get brought no key.');
    return material;
  } finally {
    await client.close();
  }
}

function isGeneralFailure(error: unknown): boolean {
  return error instanceof KmipClientError && error.resultReason === 'GeneralFailure';
}

const commit = { sql: '^COMMIT$', when: 'before', thread: 'writer' } as const;

describe('a gateway whose database fails', () => {
  const faults = {
    'an event cannot be written': { sql: 'into "event" ', when: 'before', effect: 'io-error' },
    'the disk does not confirm a commit': { ...commit, effect: 'io-error' },
    'the disk is full': { ...commit, effect: 'full' },
    'the file is read-only': { sql: '^BEGIN IMM', when: 'before', effect: 'read-only' },
    'objects cannot be read': { sql: 'from "object" ', when: 'before', effect: 'io-error' },
    'objects cannot be written': { sql: 'into "object" ', when: 'before', effect: 'full' },
  } as const;
  let site: Site<keyof typeof faults>;
  let api: ManagementClient;

  beforeAll(async () => {
    site = await startSite({ faults, env: { CLAVIGER_API__ROOT_KEY_ENABLE_SECONDS: '0' } });
    api = await connectManagement(site.gateway);
  }, TIMEOUT_MS);
  afterAll(() => site?.close(), TIMEOUT_MS);

  const isReady = async () => (await api.getOpen('/readyz')).status === 200;

  it.each([
    ['an event cannot be written', /disk I\/O error/, true],
    ['the disk does not confirm a commit', /disk I\/O error/, false],
    ['the disk is full', /is full\. Make room/, false],
    ['the file is read-only', /readonly database/, false],
  ] as const)(
    'answers nothing while %s, says so, and works again by itself',
    async (fault, words, staysReady) => {
      const loadEnded = await site.load(MESSAGES);
      const said = site.gateway.stderr.length;
      site.begin(fault);
      await loadEnded();
      await expect(createKey(site, `while ${fault}`)).rejects.toMatchObject(NOT_ANSWERED);
      // A read has an event as well: without it, no key leaves.
      await expect(getKey(site, site.aKey().id)).rejects.toMatchObject(NOT_ANSWERED);
      expect(await isReady()).toBe(staysReady);
      const log = site.gateway.stderr.slice(said);
      expect(log).toContain('an event could not be recorded');
      expect(log).toMatch(words);

      site.end(fault);
      await expect.poll(isReady, PATIENCE).toBe(true);
      await createKey(site, `after ${fault}`);
      expect(await site.problems()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'answers General Failure, on the record, when only the operation itself meets the fault',
    async () => {
      const key = await createKey(site, 'soon unreadable');
      const said = site.gateway.stderr.length;
      site.begin('objects cannot be read');
      await expect(getKey(site, key.id ?? '')).rejects.toMatchObject(GENERAL_FAILURE);
      site.end('objects cannot be read');
      site.begin('objects cannot be written');
      const refused = createKey(site, 'never made');
      await expect(refused).rejects.toMatchObject(GENERAL_FAILURE);
      site.end('objects cannot be written');
      const log = site.gateway.stderr.slice(said);
      expect(log).toMatch(/disk I\/O error/);
      expect(log).toMatch(/is full\. Make room/);

      const last = (await readEvents(site.gateway.dataDirectory)).slice(-2);
      expect(last.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
        'hs-crypto.kmip-key.read failure',
        'hs-crypto.kmip-key.create failure',
      ]);
      expect(await site.problems()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps the switch of the root key as it was acknowledged last',
    async () => {
      const key = await createKey(site, 'switched');
      const id = key.id ?? '';
      const [rootKey] = await api.list('/keys');
      const turn = (action: string) => `/keys/${rootKey?.['id']}/actions/${action}`;

      site.begin('the disk is full');
      expect(await api.call('POST', turn('disable'))).toMatchObject({ status: 503 });
      site.end('the disk is full');
      await getKey(site, id);
      noteRead(key, 'success');

      await api.act('POST', turn('disable'));
      await expect(getKey(site, id)).rejects.toMatchObject({ code: 'operation-failed' });
      noteRead(key, 'failure');
      site.begin('the disk is full');
      expect(await api.call('POST', turn('enable'))).toMatchObject({ status: 503 });
      await expect(getKey(site, id)).rejects.toMatchObject(NOT_ANSWERED);
      site.end('the disk is full');
      await expect(getKey(site, id)).rejects.toMatchObject({ code: 'operation-failed' });
      noteRead(key, 'failure');

      await api.act('POST', turn('enable'));
      expect(await site.problems()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'has written no key anywhere in the clear, and changed nothing in the log',
    async () => {
      const key = site.aKey();
      const forms = formsOf(await getKey(site, key.id));
      noteRead(key, 'success');
      const { stdout, stderr, dataDirectory } = site.gateway;
      expect(findForms(Buffer.from(stdout + stderr), forms)).toEqual([]);
      expect(scanDirectory(dataDirectory, forms).finds).toEqual([]);
      expect(await site.changesInLog()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

const DISK_MIB = 12;

/** A file system of its own, where this may be had: it takes root on Linux. */
function mountSmall(): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-small-'));
  const options = ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', directory];
  try {
    execFileSync('mount', options, { stdio: 'ignore' });
    return directory;
  } catch {
    rmSync(directory, { recursive: true });
    return undefined;
  }
}

describe('a gateway on a small disk (needs the right to mount)', () => {
  it(
    'refuses while it is full, starts only when it can write, and loses nothing',
    async ({ skip }) => {
      const disk = mountSmall();
      if (disk === undefined) return skip();
      onTestFinished(() => {
        execFileSync('umount', ['--lazy', disk]);
        rmSync(disk, { recursive: true });
      });
      const site = await startSite({ directory: disk });
      onTestFinished(() => site.close());
      const ballast = join(disk, 'ballast');
      for (const name of ['one', 'two', 'three']) await createKey(site, name);

      expect(() => writeFileSync(ballast, new Uint8Array(DISK_MIB * 1024 * 1024))).toThrow(
        'ENOSPC',
      );
      // What the database file has room for already may still be written, and is answered then.
      let refusals = 0;
      for (let number = 1; refusals < 3; number++) {
        try {
          await createKey(site, `while it is full ${number}`);
          refusals = 0;
        } catch (error) {
          if (!isGeneralFailure(error)) expect(error).toMatchObject(NOT_ANSWERED);
          refusals += 1;
        }
      }
      expect(site.gateway.stderr).toMatch(/is full\. Make room/);

      rmSync(ballast);
      await createKey(site, 'when there is room');
      expect(await site.problems()).toEqual([]);
      await site.gateway.stop();

      execFileSync('mount', ['-o', 'remount,ro', disk]);
      await expect(site.restart()).rejects.toMatchObject({
        ending: 3,
        message: expect.stringMatching(/The disk is read-only: .*mount it for writing/),
      });
      execFileSync('mount', ['-o', 'remount,rw', disk]);
      await site.restart();
      await createKey(site, 'when it can be written');
      expect(await site.problems()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('a gateway whose database is damaged', () => {
  const MARK = 'to be found in the file of the database';
  const mark: Attribute = {
    kind: 'vendor',
    vendorIdentification: 'x',
    name: 'Mark',
    index: 0,
    value: { tag: TAGS.AttributeValue, type: 'TextString', value: MARK },
  };

  it(
    'hands out nothing from damaged pages, says what to do, and does not start with them',
    async () => {
      // Each page is written back at once, so that the damage is not healed from the write-ahead log.
      const site = await startSite({ injected: { checkpointsEachCommit: true } });
      onTestFinished(() => site.close());
      const key = await createKey(site, 'damaged');
      const id = key.id ?? '';
      const client = clientOf(site.gateway);
      await client.addAttribute(id, mark);
      key.events.push('claviger.kmip-key-attributes.add success');
      key.marks.push(MARK);
      await client.close();

      const path = join(site.gateway.dataDirectory, 'claviger.db');
      const whole = damagePagesWith(path, MARK);
      expect(whole.size).toBeGreaterThan(0);
      await expect(getKey(site, id)).rejects.toMatchObject(GENERAL_FAILURE);
      expect(site.gateway.stderr).toMatch(/database is damaged .*restore it from a backup/);
      expect(site.gateway.exitCode).toBe(null);
      await site.gateway.stop();

      await expect(site.restart()).rejects.toMatchObject({
        ending: 3,
        message: expect.stringMatching(/is damaged .*Restore it from a backup/),
      });
      writePages(path, whole);
      await site.restart();
      expect(await site.problems()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

const PAGE_BYTES = 4096;

/** Overwrites the header of every page that has the text. @returns those pages as they were, by their places. */
function damagePagesWith(path: string, text: string): ReadonlyMap<number, Uint8Array> {
  const file = readFileSync(path);
  const whole = new Map<number, Uint8Array>();
  for (let at = file.indexOf(text); at >= 0; at = file.indexOf(text, at + 1)) {
    const start = at - (at % PAGE_BYTES);
    whole.set(start, Uint8Array.from(file.subarray(start, start + PAGE_BYTES)));
  }
  const damaged = new Map([...whole].map(([at, page]) => [at, page.with(0, 0xff)]));
  writePages(path, damaged);
  return whole;
}

/** Into the file as it is: the gateway may have it open. */
function writePages(path: string, pages: ReadonlyMap<number, Uint8Array>): void {
  const file = openSync(path, 'r+');
  for (const [at, page] of pages) writeSync(file, page, 0, page.byteLength, at);
  closeSync(file);
}
