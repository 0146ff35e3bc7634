import type { KeyStore, Predicate } from '@claviger/key-store';
import { anAdapter, aRootKey, createMemoryKeyStore } from '@claviger/key-store/testing';
import { attribute } from '@claviger/kmip-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textValue } from '../objects/index-entries.ts';
import { aSymmetricKey } from '../objects/managed-object.fixtures.ts';
import { type ManagedObject, toRecord, withValues } from '../objects/managed-object.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const adapter = anAdapter({ rootKeyId: '' });
const BY = { at: 0, certificateId: 'certificate' };
const idOf = (number: number) => `object-${number}`;

function aKey(number: number, group: string): ManagedObject {
  const attributes = [attribute('ObjectGroup', group)];
  return { ...aSymmetricKey({ id: idOf(number), attributes }), adapterId: adapter.id, version: 0 };
}

const inGroup = (group: string): Predicate => ({
  kind: 'equals',
  name: 'Object Group',
  value: textValue(group),
});

async function storeWith(groups: readonly string[]): Promise<KeyStore> {
  const store = createMemoryKeyStore();
  const rootKey = aRootKey();
  await store.commit({
    guards: [],
    changes: [
      { kind: 'insert-root-key', rootKey },
      { kind: 'insert-adapter', adapter: { ...adapter, rootKeyId: rootKey.id } },
    ],
    events: [],
  });
  for (const [number, group] of groups.entries()) {
    const object = toRecord(aKey(number, group));
    await store.commit({ guards: [], changes: [{ kind: 'insert-object', object }], events: [] });
  }
  return store;
}

async function moveTo(workspace: Workspace, number: number, group: string): Promise<void> {
  const object = await workspace.read(idOf(number));
  if (object !== undefined) workspace.save([withValues(object, { ObjectGroup: group })]);
}

describe('a workspace', () => {
  it('locates as the store will when everything is saved, on every page', async () => {
    const group = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      fc.record({ kind: fc.constant('make' as const), group }),
      fc.record({ kind: fc.constant('move' as const), which: fc.nat({ max: 9 }), group }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(group, { maxLength: 6 }),
        fc.array(step, { maxLength: 6 }),
        group,
        fc.nat({ max: 7 }),
        fc.nat({ max: 7 }),
        async (stored, steps, asked, offset, limit) => {
          const workspace = createWorkspace(await storeWith(stored), adapter.id);
          const model = [...stored];
          for (const step of steps) {
            if (step.kind === 'make') {
              workspace.save([aKey(model.length, step.group)]);
              model.push(step.group);
            } else if (step.which < model.length) {
              await moveTo(workspace, step.which, step.group);
              model[step.which] = step.group;
            }
          }
          const matching = [...model.keys()]
            .filter((number) => model[number] === asked)
            .map(idOf)
            .reverse();
          expect(await workspace.locate(inGroup(asked), { offset, limit })).toEqual({
            ids: matching.slice(offset, offset + limit),
            total: matching.length,
          });
        },
      ),
      { numRuns: 150 },
    );
  });

  it('commits to exactly what it shows', async () => {
    const store = await storeWith(['a', 'b']);
    const workspace = createWorkspace(store, adapter.id);
    workspace.save([aKey(2, 'a')]);
    workspace.save([aKey(3, 'a')]);
    await moveTo(workspace, 2, 'b');
    await moveTo(workspace, 0, 'b');
    await moveTo(workspace, 0, 'a');
    const page = { offset: 0, limit: 10 };
    const shown = await workspace.locate(inGroup('a'), page);
    expect(await store.commit({ guards: [], changes: workspace.changes(BY), events: [] })).toEqual(
      expect.objectContaining({ kind: 'committed' }),
    );
    expect(await store.locateObjects(adapter.id, { where: inGroup('a'), ...page })).toEqual(shown);
    expect((await store.readObject(adapter.id, idOf(0)))?.version).toBe(2);
  });

  it('reads an object from the store once, and then its own', async () => {
    const store = await storeWith(['a']);
    let reads = 0;
    const counting = {
      readObject: (adapterId: string, id: string) => {
        reads++;
        return store.readObject(adapterId, id);
      },
      locateObjects: store.locateObjects,
      readSetting: store.readSetting,
    };
    const workspace = createWorkspace(counting, adapter.id);
    await workspace.read(idOf(0));
    await moveTo(workspace, 0, 'b');
    await workspace.read(idOf(0));
    expect(reads).toBe(1);
  });

  it('forgets everything with discard', async () => {
    const workspace = createWorkspace(await storeWith(['a']), adapter.id);
    workspace.save([aKey(1, 'a')]);
    await moveTo(workspace, 0, 'b');
    workspace.requireRootKey('root');
    expect([workspace.changes(BY).length, workspace.guards().length]).toEqual([2, 1]);
    workspace.discard();
    expect([workspace.changes(BY), workspace.guards()]).toEqual([[], []]);
    expect((await workspace.read(idOf(0)))?.version).toBe(1);
    expect(await workspace.read(idOf(1))).toBeUndefined();
  });

  it('refuses to locate when the message has changed too much of what it bears on', async () => {
    const groups = Array.from({ length: 30 }, () => 'a');
    const workspace = createWorkspace(await storeWith(groups), adapter.id);
    for (const number of groups.keys()) await moveTo(workspace, number, 'b');
    const page = { offset: 0, limit: 10 };
    await expect(workspace.locate(inGroup('a'), page)).rejects.toMatchObject({
      code: 'feature-not-supported',
    });
    expect(await workspace.locate(inGroup('c'), page)).toEqual({ ids: [], total: 0 });
  });
});
