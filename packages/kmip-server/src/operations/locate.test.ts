import { attribute, MASKS } from '@claviger/kmip-protocol';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aName } from '../objects/managed-object.fixtures.ts';
import { create, createNamed, get, locate, NOBODY } from '../requests.fixtures.ts';
import { MAX_COUNTED, MAX_LOCATED } from './locate.ts';

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

  describe('the default member of a group', () => {
    const next = (group?: string, more: { maximumItems?: number; offsetItems?: number } = {}) =>
      ({
        operation: 'Locate',
        payload: {
          ...more,
          objectGroupMember: 'GroupMemberDefault',
          attributes: group === undefined ? [] : [attribute('ObjectGroup', group)],
        },
      }) as const;
    let own: MessageRig;
    let members: string[];
    beforeEach(async () => {
      own = await startMessageRig();
      members = [];
      for (const name of ['a', 'b', 'c']) {
        const [made] = await own.send('1.4', [create(aName(name), attribute('ObjectGroup', 'g'))]);
        members.push(String(successOf('Create', made).uniqueIdentifier));
      }
    });
    const found = async (item: RequestedItem) => {
      const [answer] = await own.send('1.4', [item]);
      return successOf('Locate', answer).uniqueIdentifier;
    };

    it('is each in its turn, and the next item is about it', async () => {
      const handedOut: unknown[] = [];
      for (let round = 0; round < 4; round++) {
        const [, got] = await own.send('1.4', [next('g', { maximumItems: 1 }), get()]);
        handedOut.push(successOf('Get', got).uniqueIdentifier);
      }
      expect(handedOut).toEqual([...members, members[0]]);
    });

    it('is nobody for a group without members, a second page and no room', async () => {
      expect([
        await found(next('nobody')),
        await found(next('g', { offsetItems: 1 })),
        await found(next('g', { maximumItems: 0 })),
        await found(next('g')),
      ]).toEqual([[], [], [], members.slice(0, 1)]);
    });

    it('keeps its turn when the message fails', async () => {
      const header = { batchErrorContinuationOption: 'Undo' } as const;
      await own.send('1.4', [next('g'), get(NOBODY)], { header });
      expect(await found(next('g'))).toEqual(members.slice(0, 1));
    });

    it('is every object where no group is named', async () => {
      expect(await found(next())).toEqual(expect.arrayContaining(members));
    });
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
    // Once, whether an object belongs to somebody.
    expect(limits).toEqual([0, MAX_LOCATED, MAX_LOCATED, 7]);
  });

  it('leaves the count out, rather than counting a large store for a small page', async () => {
    const asked: unknown[] = [];
    const large = await startMessageRig({
      wrapStore: (store) => ({
        ...store,
        async locateObjects(adapterId, query) {
          asked.push(query.countUpTo);
          const found = await store.locateObjects(adapterId, query);
          return { ...found, total: query.countUpTo ?? found.total };
        },
      }),
    });
    const [first, later] = await large.send('1.4', [page(1, 0), page(1, 500)]);
    expect(successOf('Locate', first)).toEqual({ uniqueIdentifier: [] });
    expect(successOf('Locate', later)).toEqual({ uniqueIdentifier: [] });
    expect(asked.slice(1)).toEqual([MAX_COUNTED + 1, 500 + MAX_COUNTED + 1]);
    const [event] = await large.events();
    expect(event?.requestData).toMatchObject({ kmipOperation: 'Locate' });
    expect(event?.responseData).not.toHaveProperty('totalResources');
  });
});
