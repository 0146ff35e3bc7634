import {
  type Attribute,
  type AttributeReference,
  attribute,
  decodeStoredAttributes,
  TAGS,
} from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import type { State } from '../lifecycle/state.ts';
import type { RequestedItem } from '../messages.fixtures.ts';
import { aCustom, aName, aSymmetricKey, NOW } from '../objects/managed-object.fixtures.ts';
import { toRecord } from '../objects/managed-object.ts';
import { createNamed, NOBODY } from '../requests.fixtures.ts';

const ID = '33333333-0000-4000-8000-000000000000';

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

async function keep(state: State, attributes: readonly Attribute[] = []): Promise<void> {
  const adapterId = rig.source.principal.record.adapter.id;
  const object = { ...aSymmetricKey({ id: ID, state, attributes }), adapterId };
  await rig.store.commit({
    guards: [],
    changes: [{ kind: 'insert-object', object: toRecord({ ...object, version: 0 }) }],
    events: [],
  });
}

async function kept(named: Attribute): Promise<readonly Attribute[]> {
  const { id } = rig.source.principal.record.adapter;
  const record = await rig.store.readObject(id, ID);
  const all = record === undefined ? [] : decodeStoredAttributes(record.attributes);
  return all.filter(({ kind, name }) => kind === named.kind && name === named.name);
}

async function outcome(version: '1.4' | '2.1', item: RequestedItem): Promise<string> {
  const [answer] = await rig.send(version, [item]);
  return answer?.resultReason ?? answer?.resultStatus ?? 'nothing';
}

const modify = (
  changed: Attribute,
  currentAttribute?: Attribute,
  uniqueIdentifier = ID,
): RequestedItem => ({
  operation: 'ModifyAttribute',
  payload: { uniqueIdentifier, attribute: changed, currentAttribute },
});

const remove = (
  attributeReference: AttributeReference | undefined,
  more: { readonly currentAttribute?: Attribute; readonly attributeIndex?: number } = {},
  uniqueIdentifier = ID,
): RequestedItem => ({
  operation: 'DeleteAttribute',
  payload: {
    currentAttribute: undefined,
    attributeIndex: undefined,
    ...more,
    uniqueIdentifier,
    attributeReference,
  },
});

const set = (given: Attribute, uniqueIdentifier = ID): RequestedItem => ({
  operation: 'SetAttribute',
  payload: { uniqueIdentifier, attribute: given },
});

const NAME = { kind: 'standard', name: 'Name' } as const;
const ARCHIVED = attribute('ArchiveDate', NOW - 1);

describe('Modify Attribute', () => {
  it('in 1.x changes the instance of an index, the first one without', async () => {
    await keep('PreActive', [aName('a'), aName('b', 1)]);
    expect(await outcome('1.4', modify(aName('c', 1)))).toBe('Success');
    expect(await outcome('1.4', modify(aName('d')))).toBe('Success');
    expect(await kept(aName(''))).toEqual([aName('d'), aName('c', 1)]);
  });

  it('answers the changed attribute in 1.x', async () => {
    await keep('PreActive', [aName('a')]);
    const [answer] = await rig.send('1.4', [modify(aName('b'))]);
    expect(answer?.payload).toEqual({ uniqueIdentifier: ID, attribute: aName('b') });
  });

  it('in 2.x changes the instance of a value', async () => {
    await keep('PreActive', [aName('a'), aName('b', 1)]);
    expect(await outcome('2.1', modify(aName('c'), aName('b')))).toBe('Success');
    expect(await kept(aName(''))).toEqual([aName('a'), aName('c', 1)]);
  });

  it('records the time of the change', async () => {
    await keep('PreActive', [aCustom('a', '1')]);
    await rig.send('1.4', [modify(aCustom('a', '2'))]);
    expect(await kept(attribute('LastChangeDate', 0))).toEqual([attribute('LastChangeDate', NOW)]);
  });

  it('activates by a date that has come, and the event tells it', async () => {
    await keep('PreActive', [attribute('ActivationDate', NOW + 500)]);
    await rig.send('1.4', [modify(attribute('ActivationDate', NOW - 1))]);
    expect((await rig.events()).at(-1)).toMatchObject({
      action: 'claviger.kmip-key-attributes.modify',
      outcome: 'success',
      responseData: { initialValue: { keyState: 0 }, newValue: { keyState: 1 } },
    });
  });

  it('remembers that a key was extractable once', async () => {
    await keep('PreActive', [
      attribute('Extractable', false),
      attribute('NeverExtractable', true),
      attribute('Sensitive', true),
      attribute('AlwaysSensitive', true),
    ]);
    await rig.send('1.4', [
      modify(attribute('Extractable', true)),
      modify(attribute('Sensitive', false)),
    ]);
    expect(await kept(attribute('NeverExtractable', true))).toEqual([
      attribute('NeverExtractable', false),
    ]);
    expect(await kept(attribute('AlwaysSensitive', true))).toEqual([
      attribute('AlwaysSensitive', false),
    ]);
  });

  it.each<[string, RequestedItem, string, string]>([
    [
      'an object that there is not',
      modify(aName('x'), undefined, NOBODY),
      'ItemNotFound',
      'ObjectNotFound',
    ],
    [
      'an attribute that the object lacks',
      modify(attribute('ObjectGroup', 'g')),
      'InvalidField',
      'AttributeNotFound',
    ],
    [
      'a read-only attribute',
      modify(attribute('State', 'Compromised')),
      'PermissionDenied',
      'AttributeReadOnly',
    ],
    [
      'a date whose time has come',
      modify(attribute('ActivationDate', NOW)),
      'PermissionDenied',
      'WrongKeyLifecycleState',
    ],
    [
      'a Name that another object has',
      modify(aName('taken')),
      'IllegalOperation',
      'NonUniqueNameAttribute',
    ],
    [
      'an attribute of the server',
      modify(aCustom('a', 'b', 'y')),
      'PermissionDenied',
      'AttributeReadOnly',
    ],
  ])('refuses %s', async (_, item, first, second) => {
    await rig.send('1.4', [createNamed('taken')]);
    await keep('Active', [aName('own'), attribute('ActivationDate', NOW - 1)]);
    expect([await outcome('1.4', item), await outcome('2.1', item)]).toEqual([first, second]);
  });

  it('refuses an index and a value that no instance has, and several without either', async () => {
    await keep('PreActive', [aName('a'), aName('b', 1)]);
    expect(await outcome('1.4', modify(aName('c', 2)))).toBe('ItemNotFound');
    expect(await outcome('2.1', modify(aName('c'), aName('z')))).toBe('AttributeInstanceNotFound');
    expect(await outcome('2.1', modify(aName('c')))).toBe('MultiValuedAttribute');
    expect(await outcome('2.1', modify(aName('c'), aCustom('a', 'b')))).toBe('InvalidField');
  });

  it('refuses archived objects', async () => {
    await keep('PreActive', [aName('a'), ARCHIVED]);
    expect(await outcome('1.4', modify(aName('b')))).toBe('ObjectArchived');
  });
});

describe('Delete Attribute', () => {
  it('in 1.x takes away the instance of an index, and leaves the others theirs', async () => {
    await keep('PreActive', [aName('a'), aName('b', 1)]);
    const [answer] = await rig.send('1.4', [remove(NAME)]);
    expect(answer?.payload).toEqual({ uniqueIdentifier: ID, attribute: aName('a') });
    expect(await kept(aName(''))).toEqual([aName('b', 1)]);
    expect(await outcome('1.4', remove(NAME, { attributeIndex: 1 }))).toBe('Success');
    expect(await kept(aName(''))).toEqual([]);
  });

  it('in 2.x takes away the instance of a value, or all by the name', async () => {
    await keep('PreActive', [aName('a'), aName('b', 1), aName('c', 2)]);
    await rig.send('2.1', [remove(undefined, { currentAttribute: aName('b') })]);
    expect(await kept(aName(''))).toEqual([aName('a'), aName('c', 2)]);
    await rig.send('2.1', [remove(NAME)]);
    expect(await kept(aName(''))).toEqual([]);
    expect((await rig.events()).at(-1)).toMatchObject({
      action: 'claviger.kmip-key-attributes.delete',
      outcome: 'success',
    });
  });

  it.each<[string, RequestedItem, string, string]>([
    ['an object that there is not', remove(NAME, {}, NOBODY), 'ItemNotFound', 'ObjectNotFound'],
    ['an attribute that the object lacks', remove(NAME), 'ItemNotFound', 'AttributeNotFound'],
    [
      'an attribute that it must have',
      remove({ kind: 'standard', name: 'CryptographicAlgorithm' }),
      'PermissionDenied',
      'AttributeReadOnly',
    ],
  ])('refuses %s', async (_, item, first, second) => {
    await keep('PreActive');
    expect([await outcome('1.4', item), await outcome('2.1', item)]).toEqual([first, second]);
  });

  it('refuses an instance that there is not, a nameless request, archived objects', async () => {
    await keep('PreActive', [aName('a')]);
    expect(await outcome('1.4', remove(NAME, { attributeIndex: 3 }))).toBe('ItemNotFound');
    expect(await outcome('2.1', remove(undefined, { currentAttribute: aName('b') }))).toBe(
      'AttributeInstanceNotFound',
    );
    expect(await outcome('2.1', remove(undefined))).toBe('InvalidMessage');
  });
});

describe('Set Attribute', () => {
  it('adds what is not there and changes what is', async () => {
    await keep('PreActive');
    await rig.send('2.1', [set(aName('a')), set(aName('b'))]);
    expect(await kept(aName(''))).toEqual([aName('b')]);
    expect((await rig.events()).at(-1)).toMatchObject({
      action: 'claviger.kmip-key-attributes.set',
      outcome: 'success',
    });
  });

  it.each<[string, RequestedItem, string]>([
    ['an object that there is not', set(aName('a'), NOBODY), 'ObjectNotFound'],
    ['a read-only attribute', set(attribute('State', 'Active')), 'ReadOnlyAttribute'],
    ['one of several instances', set(aCustom('two', 'c')), 'MultiValuedAttribute'],
    ['a Name that another object has', set(aName('taken')), 'NonUniqueNameAttribute'],
    ['a date whose time has come', set(attribute('ActivationDate', 5)), 'WrongKeyLifecycleState'],
  ])('refuses %s', async (_, item, reason) => {
    await rig.send('1.4', [createNamed('taken')]);
    await keep('Active', [aCustom('two', 'a'), { ...aCustom('two', 'b'), index: 1 }]);
    expect(await outcome('2.1', item)).toBe(reason);
  });
});

describe('Adjust Attribute', () => {
  const COUNT = { kind: 'vendor', vendorIdentification: 'x', name: 'count' } as const;
  const aCount = (value: number): Attribute => ({
    ...COUNT,
    index: 0,
    value: { tag: TAGS.AttributeValue, type: 'Integer', value },
  });
  const adjust = (
    attributeReference: AttributeReference,
    adjustmentType: 'Increment' | 'Decrement' | 'Negate',
    by?: number,
  ): RequestedItem => ({
    operation: 'AdjustAttribute',
    payload: {
      uniqueIdentifier: ID,
      attributeReference,
      adjustmentType,
      ...(by !== undefined && {
        adjustmentValue: { tag: TAGS.AdjustmentValue, type: 'Integer', value: by },
      }),
    },
  });

  it.each([
    ['Increment', undefined, 8],
    ['Increment', 5, 12],
    ['Decrement', 9, -2],
    ['Negate', undefined, -7],
  ] as const)('%s by %s makes 7 %i', async (type, by, expected) => {
    await keep('PreActive', [aCount(7)]);
    expect(await outcome('2.1', adjust(COUNT, type, by))).toBe('Success');
    expect(await kept(aCount(0))).toEqual([aCount(expected)]);
    expect((await rig.events()).at(-1)?.action).toBe('claviger.kmip-key-attributes.adjust');
  });

  it('counts a number that is not there as 0, a truth as false', async () => {
    await keep('PreActive');
    await rig.send('2.1', [
      adjust({ kind: 'standard', name: 'RotateInterval' }, 'Increment', 60),
      adjust({ kind: 'standard', name: 'RotateAutomatic' }, 'Negate'),
    ]);
    expect(await kept(attribute('RotateInterval', 0))).toEqual([attribute('RotateInterval', 60)]);
    expect(await kept(attribute('RotateAutomatic', false))).toEqual([
      attribute('RotateAutomatic', true),
    ]);
  });

  it.each<[string, RequestedItem, string]>([
    ['a text', adjust({ kind: 'standard', name: 'Comment' }, 'Increment'), 'InvalidDataType'],
    [
      'a truth by a number',
      adjust({ kind: 'standard', name: 'RotateAutomatic' }, 'Increment'),
      'InvalidDataType',
    ],
    [
      'what is read-only',
      adjust({ kind: 'standard', name: 'CryptographicLength' }, 'Increment'),
      'ReadOnlyAttribute',
    ],
    ['more than a type holds', adjust(COUNT, 'Increment', 2 ** 31 - 1), 'NumericRange'],
    [
      'less than no time',
      adjust({ kind: 'standard', name: 'RotateInterval' }, 'Decrement'),
      'NumericRange',
    ],
  ])('refuses %s', async (_, item, reason) => {
    await keep('PreActive', [aCount(7)]);
    expect(await outcome('2.1', item)).toBe(reason);
  });
});
