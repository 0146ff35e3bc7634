import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anAdapter, anEvent, anObject, aPrincipal, aUnit } from './key-store.fixtures.ts';
import { openForWriting } from './open-database.ts';
import type { AdapterRecord } from './records.ts';
import {
  openSqliteKeyStore,
  openWithWorkers,
  type SqliteKeyStore,
  type SqliteKeyStoreOptions,
} from './sqlite-store.ts';
import type { KeyStore } from './store.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { startWorker, type WorkerLink } from './worker-link.ts';
import type { ReadName } from './worker-messages.ts';

const ALL = { where: { kind: 'and', of: [] }, offset: 0, limit: 1 } as const;

const UNAVAILABLE = { name: 'StoreError', code: 'unavailable' };

async function aPath(): Promise<string> {
  return join(await temporaryDirectory(), 'a.db');
}

async function aStore(options: Partial<SqliteKeyStoreOptions> = {}): Promise<SqliteKeyStore> {
  const store = await openSqliteKeyStore({ path: options.path ?? (await aPath()), ...options });
  onTestFinished(() => store.close());
  return store;
}

async function givenAdapter(store: KeyStore): Promise<AdapterRecord> {
  const { adapter, changes } = aPrincipal();
  expect(await store.commit(aUnit({ changes }))).toMatchObject({ kind: 'committed' });
  return adapter;
}

/** A unit that adds an object with so much material. */
function aUnitOfBytes(adapterId: string, bytes: number): UnitOfWork {
  const object = anObject({ adapterId, material: new Uint8Array(bytes) });
  return aUnit({ changes: [{ kind: 'insert-object', object }], events: [anEvent()] });
}

describe('grouped commits', () => {
  it('shares one commit among all units that wait for the one before', async () => {
    const store = await aStore();
    const count = 1_000;
    const outcomes = await Promise.all(
      Array.from({ length: count }, () => store.commit(aUnit({ events: [anEvent()] }))),
    );
    expect(outcomes.at(-1)).toEqual({ kind: 'committed', lastSequence: count });
    const { units, groups, waitingUnits } = store.statistics();
    expect(units).toBe(count);
    expect(groups).toBeLessThan(count / 10);
    expect(waitingUnits).toBe(0);
  });

  it('tells how many units shared a commit, and how long they took to be durable', async () => {
    const store = await aStore();
    expect(store.statistics()).toMatchObject({
      groups: 0,
      groupUnits: { count: 0, sum: 0 },
      commitSeconds: { count: 0, sum: 0 },
    });
    await store.commit(aUnit({ events: [anEvent()] }));
    const alone = store.statistics().groupUnits;
    expect(alone).toMatchObject({ count: 1, sum: 1 });
    expect(new Set(alone.atMost)).toEqual(new Set([1]));
    await Promise.all(Array.from({ length: 40 }, () => store.commit(aUnit())));
    const { units, groups, groupUnits, commitSeconds } = store.statistics();
    expect(units).toBe(41);
    expect(groupUnits).toMatchObject({ count: groups, sum: units });
    expect(commitSeconds.count).toBe(units);
    expect(commitSeconds.sum).toBeGreaterThan(0);
    expect(commitSeconds.bounds).toHaveLength(commitSeconds.atMost.length);
  });

  it('refuses a unit at once when too many wait', async () => {
    const store = await aStore({ maxWaitingUnits: 3 });
    const begun = Array.from({ length: 3 }, () => store.commit(aUnit({ events: [anEvent()] })));
    await expect(store.commit(aUnit())).rejects.toMatchObject({ code: 'overloaded' });
    expect(await Promise.all(begun)).toHaveLength(3);
    expect(await store.commit(aUnit())).toEqual({ kind: 'committed', lastSequence: 3 });
  });

  it('refuses a unit when those that wait hold too many bytes, but never one that waits alone', async () => {
    const store = await aStore({ maxWaitingBytes: 100_000 });
    const adapter = await givenAdapter(store);
    const first = store.commit(aUnitOfBytes(adapter.id, 200_000));
    await expect(store.commit(aUnitOfBytes(adapter.id, 1))).rejects.toMatchObject({
      code: 'overloaded',
    });
    expect(await first).toMatchObject({ kind: 'committed' });
    const begun = [60_000, 30_000].map((bytes) => store.commit(aUnitOfBytes(adapter.id, bytes)));
    await expect(store.commit(aUnitOfBytes(adapter.id, 60_000))).rejects.toMatchObject({
      code: 'overloaded',
    });
    expect(await Promise.all(begun)).toHaveLength(2);
  });

  it('writes nothing for units of guards alone', async () => {
    const path = await aPath();
    const store = await aStore({ path });
    const { rootKey, changes } = aPrincipal();
    await store.commit(aUnit({ changes }));
    const before = await stat(`${path}-wal`);
    const guards = [{ kind: 'root-key-enabled', rootKeyId: rootKey.id }] as const;
    await Promise.all(Array.from({ length: 50 }, () => store.commit(aUnit({ guards }))));
    const after = await stat(`${path}-wal`);
    expect([after.size, after.mtimeMs]).toEqual([before.size, before.mtimeMs]);
  });
});

describe('reads by key', () => {
  /** A store whose threads do nothing else once they were asked for this, until it is let go. */
  async function aStoreHeldUpBy(name: ReadName) {
    let letGo: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const store = await openWithWorkers({ path: await aPath(), readers: 2 }, (...args) => {
      const link = startWorker(...args);
      let free = Promise.resolve();
      return {
        ...link,
        async call(call) {
          if (call.kind === 'read' && call.name === name) free = held;
          await free;
          return await link.call(call);
        },
      };
    });
    onTestFinished(() => store.close());
    return { store, letGo };
  }

  it.each([
    [
      'a list of objects',
      'summarize',
      (store: KeyStore, adapterId: string) => store.listObjectSummaries(adapterId, ALL),
    ],
    ['a search for events', 'queryEvents', (store: KeyStore) => store.queryEvents({ limit: 1 })],
    [
      'an export of the log',
      'listEvents',
      (store: KeyStore) => store.listEvents({ afterSequence: 0, limit: 1 }),
    ],
    [
      'a Locate',
      'locate',
      (store: KeyStore, adapterId: string) => store.locateObjects(adapterId, ALL),
    ],
  ] as const)('do not wait for %s', async (_name, read, ask) => {
    const { store, letGo } = await aStoreHeldUpBy(read);
    const { adapter, certificate, changes } = aPrincipal();
    const object = anObject({ adapterId: adapter.id });
    await store.commit(aUnit({ changes: [...changes, { kind: 'insert-object', object }] }));
    const long = ask(store, adapter.id);
    expect(await store.readObject(adapter.id, object.id)).toMatchObject({ id: object.id });
    expect(await store.findPrincipal(certificate.fingerprintSha256)).toMatchObject({ adapter });
    letGo();
    expect(await long).toBeDefined();
  });
});

describe('reads that are asked at once', () => {
  it('are answered each for itself, though one of them is refused', async () => {
    const store = await aStore();
    const adapter = await givenAdapter(store);
    const objects = Array.from({ length: 20 }, (_, n) =>
      anObject({
        adapterId: adapter.id,
        attributes: new Uint8Array(n).fill(n),
        material: n % 3 === 0 ? null : new Uint8Array(9).fill(100 + n),
        ...(n % 4 === 0 && { owner: `owner ${n}` }),
      }),
    );
    const changes = objects.map((object) => ({ kind: 'insert-object', object }) as const);
    await store.commit(aUnit({ changes }));

    const read = () => objects.map(({ id }) => store.readObject(adapter.id, id));
    const first = Promise.all(read());
    const refused = store.listObjects(adapter.id, { offset: -1, limit: 1 });
    const missing = store.readObject(adapter.id, 'nothing');
    const [second, adapters] = [Promise.all(read()), store.listAdapters()];
    await expect(refused).rejects.toMatchObject({ name: 'StoreError', code: 'invalid' });
    expect(await missing).toBeUndefined();
    expect(await adapters).toEqual([adapter]);

    const stored = objects.map(({ index: _index, uniqueNames: _names, ...object }) => object);
    const found = await first;
    expect(found).toEqual(stored);
    for (const object of found) object?.attributes.fill(255);
    expect(found.map((object) => object?.material)).toEqual(stored.map(({ material }) => material));
    expect(await second).toEqual(stored);
  });
});

describe('a database that refuses', () => {
  it('rejects commits when the disk is full, keeps reading, and keeps what was acknowledged', async () => {
    const path = await aPath();
    const store = await aStore({ path, maxBytes: 1024 * 1024 });
    const adapter = await givenAdapter(store);
    const rejected: unknown[] = [];
    let committed = 0;
    for (let round = 0; round < 40 && rejected.length === 0; round += 1) {
      await store.commit(aUnitOfBytes(adapter.id, 64 * 1024)).then(
        () => {
          committed += 1;
        },
        (error: unknown) => rejected.push(error),
      );
    }
    expect(rejected).toEqual([expect.objectContaining(UNAVAILABLE)]);
    expect(committed).toBeGreaterThan(3);
    expect(await store.lastEventSequence()).toBe(committed);
    expect(await store.listObjects(adapter.id, { offset: 0, limit: 100 })).toHaveLength(committed);
    await expect(store.commit(aUnitOfBytes(adapter.id, 64 * 1024))).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: expect.stringContaining('full'),
    });
    await store.close();

    const roomier = await aStore({ path });
    expect(await roomier.commit(aUnitOfBytes(adapter.id, 64 * 1024))).toEqual({
      kind: 'committed',
      lastSequence: committed + 1,
    });
  });

  it('rejects every unit of a group that fails, and goes on when the lock is free again', async () => {
    const path = await aPath();
    const store = await aStore({ path, busyTimeoutMs: 20 });
    const other = openForWriting({ path, busyTimeoutMs: 20, maxBytes: undefined }, () => 0);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, () => store.commit(aUnit({ events: [anEvent()] }))),
    );
    expect(results).toEqual(
      results.map(() => ({ status: 'rejected', reason: expect.objectContaining(UNAVAILABLE) })),
    );
    expect(await store.lastEventSequence()).toBe(0);
    other.exec('ROLLBACK');
    expect(await store.commit(aUnit({ events: [anEvent()] }))).toEqual({
      kind: 'committed',
      lastSequence: 1,
    });
  });
});

describe('the files', () => {
  it('are for their owner alone', async () => {
    const path = await aPath();
    const store = await aStore({ path });
    await store.commit(aUnit({ events: [anEvent()] }));
    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
  });

  it('are one file again once the store is closed', async () => {
    const path = await aPath();
    const store = await aStore({ path });
    await store.commit(aUnit({ events: [anEvent()] }));
    await store.close();
    await expect(stat(`${path}-wal`)).rejects.toMatchObject({ code: 'ENOENT' });
    const again = await aStore({ path });
    expect(await again.lastEventSequence()).toBe(1);
  });

  it('do not keep material that was replaced', async () => {
    const path = await aPath();
    const store = await aStore({ path });
    const adapter = await givenAdapter(store);
    const secret = 'sealed material of a key that is going to be destroyed';
    const object = anObject({ adapterId: adapter.id, material: Buffer.from(secret) });
    await store.commit(aUnit({ changes: [{ kind: 'insert-object', object }] }));
    await store.commit(
      aUnit({
        changes: [{ kind: 'update-object', object: { ...object, version: 2, material: null } }],
      }),
    );
    await store.close();
    expect((await readFile(path)).includes(secret)).toBe(false);
  });

  it('do not keep the key of an adapter that was deleted', async () => {
    const path = await aPath();
    const store = await aStore({ path });
    const secret = 'wrapped key of an adapter that is going to be deleted';
    const { rootKeyId } = await givenAdapter(store);
    const adapter = anAdapter({ rootKeyId, wrappedKey: Buffer.from(secret) });
    await store.commit(aUnit({ changes: [{ kind: 'insert-adapter', adapter }] }));
    const deletion = { kind: 'delete-adapter', id: adapter.id } as const;
    expect(await store.commit(aUnit({ changes: [deletion] }))).toMatchObject({ kind: 'committed' });
    await store.close();
    expect((await readFile(path)).includes(secret)).toBe(false);
  });
});

describe('two stores on one database', () => {
  it('see what the other one committed at once', async () => {
    const path = await aPath();
    const [gateway, cli] = [await aStore({ path }), await aStore({ path })];
    const { certificate, changes } = aPrincipal();
    await cli.commit(aUnit({ changes, events: [anEvent()] }));
    expect((await gateway.findPrincipal(certificate.fingerprintSha256))?.certificate).toEqual(
      certificate,
    );
    await cli.commit(
      aUnit({ changes: [{ kind: 'delete-certificate', id: certificate.id }], events: [anEvent()] }),
    );
    const guards = [{ kind: 'certificate-present', certificateId: certificate.id }] as const;
    expect(await gateway.commit(aUnit({ guards, events: [anEvent()] }))).toMatchObject({
      kind: 'guard-failed',
    });
    expect(await gateway.commit(aUnit({ events: [anEvent()] }))).toMatchObject({ lastSequence: 3 });
    expect(await cli.initialiseSetting('instance', 'a')).toBe('a');
    expect(await gateway.initialiseSetting('instance', 'b')).toBe('a');
  });

  it('write at the same time into one log without gaps', async () => {
    const path = await aPath();
    const stores = [await aStore({ path }), await aStore({ path })];
    const count = 100;
    await Promise.all(
      stores.map(async (store) => {
        for (let round = 0; round < count; round += 1) {
          await store.commit(aUnit({ events: [anEvent()] }));
        }
      }),
    );
    const log = await stores[0]?.listEvents({ afterSequence: 0, limit: 1_000 });
    expect(log?.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 2 * count }, (_, position) => position + 1),
    );
  });

  it('may open a new database at the same time', async () => {
    const path = await aPath();
    const stores = await Promise.all(Array.from({ length: 4 }, () => aStore({ path })));
    await Promise.all(stores.map((store) => store.commit(aUnit({ events: [anEvent()] }))));
    expect(await stores[0]?.lastEventSequence()).toBe(4);
  });
});

describe('a thread that dies', () => {
  async function aStoreWithLinks() {
    const path = await aPath();
    const links: WorkerLink[] = [];
    const store = await openWithWorkers({ path, readers: 2 }, (...args) => {
      const link = startWorker(...args);
      links.push(link);
      return link;
    });
    onTestFinished(() => store.close());
    const [writer, lookups, searches] = links;
    if (writer === undefined || lookups === undefined || searches === undefined) {
      throw new Error('Three threads are expected.');
    }
    return { store, writer, lookups, searches };
  }

  const CLOSED = { ...UNAVAILABLE, message: expect.stringMatching(/asked to .*restart/) };

  it('rejects what waits and leaves the store closed, when it writes', async () => {
    const { store, writer } = await aStoreWithLinks();
    // A writer that is asked to read dies of it.
    const deadly = writer.call({ kind: 'read', name: 'lastEventSequence', args: [] });
    const begun = Array.from({ length: 10 }, () => store.commit(aUnit({ events: [anEvent()] })));
    const results = await Promise.allSettled([deadly, ...begun]);
    const reason = expect.objectContaining(CLOSED);
    expect(results).toEqual(results.map(() => ({ status: 'rejected', reason })));
    await expect(store.commit(aUnit())).rejects.toMatchObject(CLOSED);
    await expect(store.lastEventSequence()).rejects.toMatchObject(CLOSED);
    expect(store.statistics().waitingUnits).toBe(0);
    expect(await store.lost).toMatchObject(CLOSED);
  });

  it.each([
    ['looks up', 'lookups', (store: KeyStore) => [store.readSetting('a'), store.findApiKey('b')]],
    [
      'searches',
      'searches',
      (store: KeyStore) => [store.lastEventSequence(), store.listAdapters()],
    ],
  ] as const)(
    'lets the writer finish and leaves the store closed, when it %s',
    async (_what, role, ask) => {
      const { store, [role]: reader } = await aStoreWithLinks();
      const deadly = reader.call({ kind: 'initialise-setting', name: 'a', value: 'b' });
      const reads = ask(store);
      const begun = store.commit(aUnit({ events: [anEvent()] }));
      const results = await Promise.allSettled([deadly, ...reads]);
      const reason = expect.objectContaining(CLOSED);
      expect(results).toEqual(results.map(() => ({ status: 'rejected', reason })));
      expect(await begun).toEqual({ kind: 'committed', lastSequence: 1 });
      await expect(store.commit(aUnit())).rejects.toMatchObject(CLOSED);
      await expect(store.lastEventSequence()).rejects.toMatchObject(CLOSED);
    },
  );
});
