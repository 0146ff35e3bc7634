import type { KeyStore } from '@claviger/key-store';
import { attribute } from '@claviger/kmip-protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type State, stateAt } from '../lifecycle/state.ts';
import type { RequestedItem } from '../messages.fixtures.ts';
import { aSymmetricKey, NOW } from '../objects/managed-object.fixtures.ts';
import { attributeValue, fromRecord, toRecord } from '../objects/managed-object.ts';

const OPERATIONS = {
  Activate: (uniqueIdentifier: string): RequestedItem => ({
    operation: 'Activate',
    payload: { uniqueIdentifier },
  }),
  'Revoke for another reason': (uniqueIdentifier: string): RequestedItem => ({
    operation: 'Revoke',
    payload: { uniqueIdentifier, revocationReason: { revocationReasonCode: 'Superseded' } },
  }),
  'Revoke for a compromise': (uniqueIdentifier: string): RequestedItem => ({
    operation: 'Revoke',
    payload: { uniqueIdentifier, revocationReason: { revocationReasonCode: 'KeyCompromise' } },
  }),
  'Revoke for a compromise of the CA': (uniqueIdentifier: string): RequestedItem => ({
    operation: 'Revoke',
    payload: { uniqueIdentifier, revocationReason: { revocationReasonCode: 'CACompromise' } },
  }),
  Destroy: (uniqueIdentifier: string): RequestedItem => ({
    operation: 'Destroy',
    payload: { uniqueIdentifier },
  }),
} as const;

type OperationLabel = keyof typeof OPERATIONS;

/** Where each operation leads from each State, or the reasons of 1.4 and 2.1 why it leads nowhere. */
const WRONG_STATE = ['PermissionDenied', 'WrongKeyLifecycleState'] as const;
const NOT_REVOCABLE = ['IllegalOperation', 'WrongKeyLifecycleState'] as const;
const DESTROYED = ['PermissionDenied', 'ObjectDestroyed'] as const;
type Row = Readonly<Record<OperationLabel, State | readonly [string, string]>>;

const TRANSITIONS: Readonly<Record<State, Row>> = {
  PreActive: {
    Activate: 'Active', // transition 4
    'Revoke for another reason': NOT_REVOCABLE,
    'Revoke for a compromise': 'Compromised', // 3
    'Revoke for a compromise of the CA': 'Compromised', // 3
    Destroy: 'Destroyed', // 2
  },
  Active: {
    Activate: WRONG_STATE,
    'Revoke for another reason': 'Deactivated', // 6
    'Revoke for a compromise': 'Compromised', // 5
    'Revoke for a compromise of the CA': 'Compromised', // 5
    Destroy: WRONG_STATE,
  },
  Deactivated: {
    Activate: WRONG_STATE,
    'Revoke for another reason': NOT_REVOCABLE,
    'Revoke for a compromise': 'Compromised', // 8
    'Revoke for a compromise of the CA': 'Compromised', // 8
    Destroy: 'Destroyed', // 7
  },
  Compromised: {
    Activate: WRONG_STATE,
    'Revoke for another reason': NOT_REVOCABLE,
    'Revoke for a compromise': NOT_REVOCABLE,
    'Revoke for a compromise of the CA': NOT_REVOCABLE,
    Destroy: 'DestroyedCompromised', // 9
  },
  Destroyed: {
    Activate: WRONG_STATE,
    'Revoke for another reason': NOT_REVOCABLE,
    'Revoke for a compromise': 'DestroyedCompromised', // 10
    'Revoke for a compromise of the CA': 'DestroyedCompromised', // 10
    Destroy: DESTROYED,
  },
  DestroyedCompromised: {
    Activate: WRONG_STATE,
    'Revoke for another reason': NOT_REVOCABLE,
    'Revoke for a compromise': NOT_REVOCABLE,
    'Revoke for a compromise of the CA': NOT_REVOCABLE,
    Destroy: DESTROYED,
  },
};

let rig: MessageRig;
let lastId = 0;
beforeAll(async () => {
  rig = await startMessageRig();
});

const adapterId = () => rig.source.principal.record.adapter.id;

/** Puts a key into the store and answers its identifier. */
async function keep(options: Parameters<typeof aSymmetricKey>[0]): Promise<string> {
  const id = `22222222-0000-4000-8000-${String(++lastId).padStart(12, '0')}`;
  const object = { ...aSymmetricKey({ ...options, id }), adapterId: adapterId(), version: 0 };
  await rig.store.commit({
    guards: [],
    changes: [{ kind: 'insert-object', object: toRecord(object) }],
    events: [],
  });
  return id;
}

async function kept(store: KeyStore, id: string) {
  const record = await store.readObject(adapterId(), id);
  if (record === undefined) throw new Error('The object is gone.');
  return fromRecord(record);
}

describe('the life cycle (1.4 §3.22)', () => {
  for (const [from, row] of Object.entries(TRANSITIONS)) {
    for (const [label, to] of Object.entries(row)) {
      const operation = OPERATIONS[label as OperationLabel]; // a key of the row
      if (typeof to === 'string') {
        it(`${label} leads from ${from} to ${to}`, async () => {
          const id = await keep({ state: from as State });
          expect(await rig.send('1.4', [operation(id)])).toMatchObject([
            { resultStatus: 'Success' },
          ]);
          const object = await kept(rig.store, id);
          expect(stateAt(object, NOW)).toBe(to);
          expect(attributeValue(object, 'LastChangeDate')).toBe(NOW);
          expect((await rig.events()).at(-1)?.responseData).toMatchObject({
            keyState: expect.anything(),
            initialValue: expect.anything(),
            newValue: expect.anything(),
          });
        });
      } else {
        it(`${label} of a key that is ${from} is refused, and changes nothing`, async () => {
          const id = await keep({ state: from as State });
          const [[first], [second]] = [
            await rig.send('1.4', [operation(id)]),
            await rig.send('2.1', [operation(id)]),
          ];
          expect([first?.resultReason, second?.resultReason]).toEqual(to);
          expect((await kept(rig.store, id)).version).toBe(1);
          expect((await rig.events()).at(-1)).toMatchObject({
            outcome: 'failure',
            responseData: { keyState: expect.anything() },
          });
        });
      }
    }
  }
});

describe('Activate', () => {
  it('sets the Activation Date to now, also when it lay ahead', async () => {
    const id = await keep({ attributes: [attribute('ActivationDate', NOW + 3600)] });
    await rig.send('1.4', [OPERATIONS.Activate(id)]);
    expect(attributeValue(await kept(rig.store, id), 'ActivationDate')).toBe(NOW);
  });

  it('leads to Deactivated when the Deactivation Date has come already', async () => {
    const id = await keep({ attributes: [attribute('DeactivationDate', NOW - 1)] });
    await rig.send('1.4', [OPERATIONS.Activate(id)]);
    expect(stateAt(await kept(rig.store, id), NOW)).toBe('Deactivated');
    expect((await rig.events()).at(-1)?.responseData).toMatchObject({ keyState: 3 });
  });

  it('is refused for a key that its date has activated', async () => {
    const id = await keep({ attributes: [attribute('ActivationDate', NOW - 1)] });
    expect(await rig.send('1.4', [OPERATIONS.Activate(id)])).toMatchObject([
      { resultReason: 'PermissionDenied' },
    ]);
  });
});

describe('Revoke', () => {
  const revoke = (
    uniqueIdentifier: string,
    code: 'KeyCompromise' | 'Superseded' | '0x80000001',
    compromiseOccurrenceDate?: number,
  ): RequestedItem => ({
    operation: 'Revoke',
    payload: {
      uniqueIdentifier,
      revocationReason: { revocationReasonCode: code, revocationMessage: 'lost' },
      compromiseOccurrenceDate,
    },
  });

  it('keeps the reason and sets the Deactivation Date', async () => {
    const id = await keep({ state: 'Active' });
    await rig.send('1.4', [revoke(id, 'Superseded')]);
    const object = await kept(rig.store, id);
    expect(attributeValue(object, 'RevocationReason')).toEqual({
      revocationReasonCode: 'Superseded',
      revocationMessage: 'lost',
    });
    expect(attributeValue(object, 'DeactivationDate')).toBe(NOW);
    expect(attributeValue(object, 'CompromiseDate')).toBeUndefined();
  });

  it('takes the Initial Date for a compromise of which nobody knows when it happened', async () => {
    const [told, unknown] = [await keep({}), await keep({})];
    await rig.send('1.4', [revoke(told, 'KeyCompromise', NOW - 5)]);
    await rig.send('1.4', [revoke(unknown, 'KeyCompromise')]);
    const dates = async (id: string) => {
      const object = await kept(rig.store, id);
      return [
        attributeValue(object, 'CompromiseDate'),
        attributeValue(object, 'CompromiseOccurrenceDate'),
      ];
    };
    expect(await dates(told)).toEqual([NOW, NOW - 5]);
    expect(await dates(unknown)).toEqual([NOW, NOW - 1000]);
  });

  it.each([
    ['a Compromise Occurrence Date without a compromise', 'Superseded', NOW],
    ['a reason that it does not know', '0x80000001', undefined],
  ] as const)('refuses %s', async (_, code, date) => {
    const id = await keep({ state: 'Active' });
    expect(await rig.send('1.4', [revoke(id, code, date)])).toMatchObject([
      { resultReason: 'InvalidField' },
    ]);
  });
});

describe('Destroy', () => {
  it('leaves no material, and the attributes', async () => {
    const id = await keep({});
    await rig.send('1.4', [OPERATIONS.Destroy(id)]);
    const object = await kept(rig.store, id);
    expect(object.material).toBeNull();
    expect(attributeValue(object, 'DestroyDate')).toBe(NOW);
    expect(attributeValue(object, 'CryptographicLength')).toBe(256);
  });
});
