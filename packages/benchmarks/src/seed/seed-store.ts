/**
 * Fills a store with keys that the gateway itself could have made: two patterns are created over KMIP, and
 * the rest are copies of them with an identifier, a Name, a custom attribute and key bytes of their own,
 * each sealed for itself, written through the key-store package.
 */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type AdapterKeyRef, createKeyHierarchy, openMasterKeyFile } from '@claviger/key-hierarchy';
import { type KeyStore, openSqliteKeyStore } from '@claviger/key-store';
import { adapterKeyOf, materialPlace } from '@claviger/kmip-server/adapter-key';
import { identifierIn } from '../answer.ts';
import { runLoad } from '../load/run-load.ts';
import { patternName, seededId, seededName } from '../object-ids.ts';
import { type GatewaySubject, startGateway } from '../subjects/gateway.ts';
import { copyOf, keyBytesOf, type Pattern } from './copy-object.ts';

/** Every so many-th key is Active, the others are Pre-Active. */
const ACTIVE_EVERY = 10;
const OBJECTS_PER_UNIT = 250;
const UNITS_AT_A_TIME = 8;

/**
 * Makes a data directory with a store of this many keys.
 *
 * @param dataDirectory - Where nothing is yet.
 * @param onProgress - Told how many are written.
 */
export async function seedStore(
  node: string,
  dataDirectory: string,
  count: number,
  onProgress: (written: number) => void,
): Promise<void> {
  const gateway = await startGateway(node, dataDirectory);
  const patternIds = await makePatterns(gateway).finally(() => gateway.stop());

  const master = await openMasterKeyFile(join(dataDirectory, 'keys', 'master.key'), {
    create: false,
  });
  const keys = createKeyHierarchy({ master });
  const store = await openSqliteKeyStore({ path: join(dataDirectory, 'claviger.db') });
  try {
    const adapter = await onlyAdapter(store);
    const records = await store.listObjects(adapter.adapterId, { offset: 0, limit: 2 });
    const open = (id: string, number: number): Pattern => {
      const record = records.find((one) => one.id === id);
      if (record === undefined || record.material === null) {
        throw new Error(`The pattern ${id} is not in the store.`);
      }
      const object = keys
        .open(adapter, record.material, materialPlace(id))
        .use((bytes) => new Uint8Array(bytes));
      const identity = { id, name: patternName(number), key: keyBytesOf(object) };
      return { record, identity, object };
    };
    const [preActive, active] = patternIds.map(open);
    if (preActive === undefined || active === undefined) throw new Error('There are no patterns.');

    const unit = async (from: number, to: number) => {
      const changes = [];
      for (let number = from; number < to; number++) {
        const pattern = number % ACTIVE_EVERY === 0 ? active : preActive;
        const id = seededId(number);
        const copy = copyOf(pattern, { id, name: seededName(number), key: randomBytes(32) });
        const material = keys.seal(adapter, copy.object, materialPlace(id));
        changes.push({
          kind: 'insert-object',
          object: { ...copy.record, version: 1, material },
        } as const);
      }
      const outcome = await store.commit({ guards: [], changes, events: [] });
      if (outcome.kind !== 'committed') throw new Error(`Seeding failed: ${outcome.kind}.`);
    };
    for (let from = 0; from < count; ) {
      const units: Promise<void>[] = [];
      while (units.length < UNITS_AT_A_TIME && from < count) {
        const to = Math.min(from + OBJECTS_PER_UNIT, count);
        units.push(unit(from, to));
        from = to;
      }
      await Promise.all(units);
      onProgress(from);
    }
  } finally {
    await store.close();
    keys.close();
    master.close();
  }
}

async function makePatterns(gateway: GatewaySubject): Promise<string[]> {
  const oneByOne = {
    ...gateway,
    connections: 1,
    warmUpMs: 0,
    durationMs: 0,
    loop: { kind: 'record', messages: 2 },
  } as const;
  const { recorded } = await runLoad({
    ...oneByOne,
    workload: 'patterns',
    ids: { kind: 'seeded', count: 1 },
  });
  const ids = recorded.map(({ answer }) => identifierIn(Buffer.from(answer, 'base64')));
  // The first Get of a key changes it: it is fresh no more. What is measured are those that follow.
  await runLoad({ ...oneByOne, workload: 'get', ids: { kind: 'listed', ids } });
  return ids;
}

/** The one that `claviger up` makes, with the root key above it. */
async function onlyAdapter(store: KeyStore): Promise<AdapterKeyRef> {
  const [adapter] = await store.listAdapters();
  const rootKey = (await store.listRootKeys()).find(({ id }) => id === adapter?.rootKeyId);
  if (adapter === undefined || rootKey === undefined) throw new Error('There is no adapter.');
  return adapterKeyOf(adapter, rootKey);
}
