import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyHierarchy, openMasterKeyFile } from '@claviger/key-hierarchy';
import { openSqliteKeyStore } from '@claviger/key-store';
import { decodeStoredObject } from '@claviger/kmip-protocol';
import { adapterKeyOf, materialPlace } from '@claviger/kmip-server/adapter-key';
import { expect, it, onTestFinished } from 'vitest';
import { isBuilt, runBuiltSeed } from '../built-benchmark.fixtures.ts';
import { seededId } from '../object-ids.ts';
import { keyBytesOf } from './copy-object.ts';

const COUNT = 30;
const PATTERNS = 2;

it.skipIf(!isBuilt())(
  'seeds keys that open under the adapter, each with bytes of its own (skipped where the gateway is not built)',
  { timeout: 120_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'claviger-seed-test-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const data = join(directory, 'data');
    expect(await runBuiltSeed(data, COUNT)).toBe(`${COUNT}\n`);

    const master = await openMasterKeyFile(join(data, 'keys', 'master.key'), { create: false });
    onTestFinished(() => master.close());
    const keys = createKeyHierarchy({ master });
    onTestFinished(() => keys.close());
    const store = await openSqliteKeyStore({ path: join(data, 'claviger.db') });
    onTestFinished(() => store.close());
    const [adapter] = await store.listAdapters();
    const [rootKey] = await store.listRootKeys();
    if (adapter === undefined || rootKey === undefined) throw new Error('There is no adapter.');
    const reference = adapterKeyOf(adapter, rootKey);

    const page = { offset: 0, limit: 2 * COUNT };
    const records = await store.listObjects(adapter.id, page);
    expect(records).toHaveLength(COUNT + PATTERNS);
    const ids = Array.from({ length: COUNT }, (_, number) => seededId(number));
    expect(records.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    const digests = records.map(({ id, material }) => {
      if (material === null) throw new Error(`${id} has no material.`);
      return keys.open(reference, material, materialPlace(id)).use((bytes) => {
        expect(decodeStoredObject(bytes).symmetricKey).toBeDefined();
        return createHash('sha256').update(keyBytesOf(bytes)).digest('hex');
      });
    });
    expect(new Set(digests).size).toBe(COUNT + PATTERNS);
  },
);
