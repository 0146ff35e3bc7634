import { attribute, MASKS } from '@claviger/kmip-protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aName } from '../objects/managed-object.fixtures.ts';
import { create, createNamed, get, locate } from '../requests.fixtures.ts';
import { MAX_LOCATED } from './locate.ts';

let rig: MessageRig;
/** In the order in which they were made. */
const ids: string[] = [];
beforeAll(async () => {
  rig = await startMessageRig();
  for (let number = 0; number < 5; number++) {
    const [answer] = await rig.send('1.4', [createNamed(`key ${number}`)]);
    ids.push(String(successOf('Create', answer).uniqueIdentifier));
  }
});

const page = (maximumItems?: number, offsetItems?: number): RequestedItem => ({
  operation: 'Locate',
  payload: { attributes: [], maximumItems, offsetItems },
});

describe('Locate', () => {
  it('lists the newest first (2.1 §6.1.28)', async () => {
    const [answer] = await rig.send('2.1', [locate()]);
    expect(successOf('Locate', answer)).toEqual({ uniqueIdentifier: ids.toReversed() });
  });

  it.each([
    ['at most two', 2, 0, [4, 3]],
    ['two from the second on', 2, 1, [3, 2]],
    ['all from the fourth on', undefined, 3, [1, 0]],
    ['what is left of a page', 10, 4, [0]],
    ['a page behind the end', 10, 5, []],
    ['none', 0, 0, []],
    ['a page far behind the end', 10, 2 ** 31 - 1, []],
  ])('lists %s, and tells how many there are', async (_, maximum, offset, numbers) => {
    const [answer] = await rig.send('1.4', [page(maximum, offset)]);
    expect(successOf('Locate', answer)).toEqual({
      locatedItems: 5,
      uniqueIdentifier: numbers.map((number) => ids[number]),
    });
  });

  it('does not tell how many there are to versions without a word for it', async () => {
    const [answer] = await rig.send('1.2', [page(1)]);
    expect(successOf('Locate', answer).locatedItems).toBeUndefined();
  });

  it('finds by Name, and nothing by another', async () => {
    const [found, nothing] = await rig.send('1.4', [locate(aName('key 3')), locate(aName('key'))]);
    expect(successOf('Locate', found).uniqueIdentifier).toEqual([ids[3]]);
    expect(successOf('Locate', nothing)).toEqual({ uniqueIdentifier: [] });
  });

  it.each([
    ['a negative maximum', page(-1), 'InvalidField'],
    ['a negative offset', page(1, -1), 'InvalidField'],
  ] satisfies readonly [string, RequestedItem, string][])('refuses %s', async (_, item, reason) => {
    expect(await rig.send('1.4', [item])).toMatchObject([{ resultReason: reason }]);
  });

  it('finds the fresh objects of a group, oldest first, until a Get has handed them out', async () => {
    const inGroup: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const [made] = await rig.send('1.4', [create(aName(name), attribute('ObjectGroup', 'g'))]);
      inGroup.push(String(successOf('Create', made).uniqueIdentifier));
    }
    const fresh = async (maximumItems?: number) => {
      const [answer] = await rig.send('1.4', [
        {
          operation: 'Locate',
          payload: {
            maximumItems,
            objectGroupMember: 'GroupMemberFresh',
            attributes: [attribute('ObjectGroup', 'g')],
          },
        },
      ]);
      return successOf('Locate', answer).uniqueIdentifier;
    };
    expect(await fresh()).toEqual(inGroup);
    expect(await fresh(2)).toEqual(inGroup.slice(0, 2));
    await rig.send('1.4', [get(inGroup[0])]);
    expect(await fresh()).toEqual(inGroup.slice(1));
  });

  it('finds archived objects where it is asked to', async () => {
    const [first = ''] = ids;
    await rig.send('1.4', [{ operation: 'Archive', payload: { uniqueIdentifier: first } }]);
    const found = async (storageStatusMask?: number) => {
      const [answer] = await rig.send('1.4', [
        { operation: 'Locate', payload: { attributes: [], storageStatusMask } },
      ]);
      return successOf('Locate', answer).uniqueIdentifier;
    };
    const { OnLineStorage, ArchivalStorage } = MASKS.StorageStatusMask.bits;
    expect(await found()).not.toContain(first);
    expect(await found(ArchivalStorage)).toEqual([first]);
    expect(await found(OnLineStorage | ArchivalStorage)).toEqual(expect.arrayContaining(ids));
  });

  it('asks the store for no more than it may list', async () => {
    const limits: number[] = [];
    const watched = await startMessageRig({
      wrapStore: (store) => ({
        ...store,
        locateObjects(adapterId, query) {
          limits.push(query.limit);
          return store.locateObjects(adapterId, query);
        },
      }),
    });
    await watched.send('1.4', [page(), page(2 ** 31 - 1), page(7)]);
    expect(limits).toEqual([MAX_LOCATED, MAX_LOCATED, 7]);
  });
});
