import { expect } from 'vitest';
import { anObject, aPrincipal, aUnit } from '../key-store.fixtures.ts';
import type { AdapterRecord, ObjectRecord } from '../records.ts';
import type { KeyStore } from '../store.ts';
import type { Change, CommitOutcome, UnitOfWork } from '../unit-of-work.ts';

/** What the parts of the contract suite share: one open store, and ways to fill it. */
export interface ContractContext {
  /** Opens a further store, new and empty. */
  openStore(): Promise<KeyStore>;
  /** Runs with a new, empty store of its own, which is closed afterwards. */
  inNewStore(test: (store: KeyStore) => Promise<void>): Promise<void>;
  /** The store of the whole suite; there once the first test runs. */
  store(): KeyStore;
  commit(unit: Partial<UnitOfWork>): Promise<CommitOutcome>;
  /** Commits what a test takes for granted. */
  given(...changes: readonly Change[]): Promise<void>;
  givenAdapter(): Promise<AdapterRecord>;
  /** An object in an adapter of its own, unless one is named. */
  givenObject(overrides?: Partial<ObjectRecord>): Promise<ObjectRecord>;
}

export function createContractContext(
  openStore: () => Promise<KeyStore>,
  store: () => KeyStore,
): ContractContext {
  const commit = (unit: Partial<UnitOfWork>) => store().commit(aUnit(unit));

  async function given(...changes: readonly Change[]): Promise<void> {
    expect(await commit({ changes })).toMatchObject({ kind: 'committed' });
  }

  async function inNewStore(test: (store: KeyStore) => Promise<void>): Promise<void> {
    const own = await openStore();
    try {
      await test(own);
    } finally {
      await own.close();
    }
  }

  async function givenAdapter(): Promise<AdapterRecord> {
    const { adapter, changes } = aPrincipal();
    await given(...changes);
    return adapter;
  }

  async function givenObject(overrides: Partial<ObjectRecord> = {}): Promise<ObjectRecord> {
    const adapterId = overrides.adapterId ?? (await givenAdapter()).id;
    const object = anObject({ ...overrides, adapterId });
    await given({ kind: 'insert-object', object });
    return object;
  }

  return { openStore, inNewStore, store, commit, given, givenAdapter, givenObject };
}
