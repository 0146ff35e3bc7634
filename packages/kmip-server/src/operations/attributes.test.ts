import {
  type Attribute,
  type AttributeReference,
  attribute,
  decodeStoredAttributes,
} from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import {
  MAX_ATTRIBUTE_BYTES,
  MAX_INSTANCES,
  MAX_TEXT_LENGTH,
} from '../lifecycle/attribute-rules.ts';
import type { State } from '../lifecycle/state.ts';
import {
  type Answer,
  aMessage,
  parseAnswer,
  type RequestedItem,
  successOf,
} from '../messages.fixtures.ts';
import { aCustom, aName, aSymmetricKey, NOW } from '../objects/managed-object.fixtures.ts';
import { toRecord } from '../objects/managed-object.ts';
import { addAttribute, createNamed, getAttributes, NOBODY } from '../requests.fixtures.ts';

const ID = '33333333-0000-4000-8000-000000000000';

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

const adapterId = () => rig.source.principal.record.adapter.id;

/** Puts the key under test into the store. */
async function keep(state: State, attributes: readonly Attribute[] = []): Promise<void> {
  const object = { ...aSymmetricKey({ id: ID, state, attributes }), adapterId: adapterId() };
  await rig.store.commit({
    guards: [],
    changes: [{ kind: 'insert-object', object: toRecord({ ...object, version: 0 }) }],
    events: [],
  });
}

async function kept(): Promise<readonly Attribute[]> {
  const record = await rig.store.readObject(adapterId(), ID);
  return record === undefined ? [] : decodeStoredAttributes(record.attributes);
}

async function answersTo(bytes: Uint8Array): Promise<readonly Answer[]> {
  const processed = await rig.process(bytes);
  return processed.kind === 'answer' ? parseAnswer(processed.bytes).items : [];
}

/** The reasons of 1.4 and 2.1; `Success` where it is none. */
async function reasonsOf(item: RequestedItem): Promise<readonly string[]> {
  const answers = [...(await rig.send('1.4', [item])), ...(await rig.send('2.1', [item]))];
  return answers.map(({ resultReason, resultStatus }) => resultReason ?? resultStatus);
}

describe('Add Attribute', () => {
  it('gives the instance its index, and tells it in 1.x', async () => {
    await keep('Active', [aCustom('Tag', 'a'), { ...aCustom('Tag', 'b'), index: 4 }]);
    const [answer] = await rig.send('1.4', [addAttribute(aCustom('Tag', 'c'), ID)]);
    expect(answer?.payload).toMatchObject({
      uniqueIdentifier: ID,
      attribute: { name: 'Tag', index: 5, value: { value: 'c' } },
    });
    await rig.send('2.1', [addAttribute(aCustom('Tag', 'd'), ID)]);
    expect(
      (await kept()).filter(({ kind }) => kind === 'vendor').map(({ index }) => index),
    ).toEqual([0, 4, 5, 6]);
  });

  it('sets the Last Change Date and counts the version', async () => {
    await keep('Active');
    await rig.send('1.4', [addAttribute(aName('n'), ID)]);
    expect(await kept()).toContainEqual(attribute('LastChangeDate', NOW));
    expect((await rig.store.readObject(adapterId(), ID))?.version).toBe(2);
  });

  it('a date that has come already moves the key on, in the event as well', async () => {
    await keep('PreActive');
    await rig.send('1.4', [addAttribute(attribute('ActivationDate', NOW - 1), ID)]);
    expect((await rig.events())[0]?.responseData).toMatchObject({
      keyState: 1,
      initialValue: { keyState: 0 },
      newValue: { keyState: 1 },
    });
    await rig.send('1.4', [addAttribute(attribute('DeactivationDate', NOW - 1), ID)]);
    expect((await rig.events())[1]?.responseData).toMatchObject({ keyState: 3 });
  });

  it('an attribute that changes no State leaves no State in the event twice', async () => {
    await keep('Active');
    await rig.send('1.4', [addAttribute(aName('n'), ID)]);
    expect((await rig.events())[0]?.responseData).not.toHaveProperty('initialValue');
  });

  const refused: readonly (readonly [string, Attribute, readonly [string, string]])[] = [
    [
      'one that the server sets',
      attribute('State', 'Active'),
      ['PermissionDenied', 'ReadOnlyAttribute'],
    ],
    [
      'one that the server makes up',
      aCustom('a', 'v', 'y'),
      ['PermissionDenied', 'ReadOnlyAttribute'],
    ],
    [
      'one that keys cannot have',
      attribute('CryptographicDomainParameters', { qlength: 160 }),
      ['PermissionDenied', 'InvalidAttribute'],
    ],
    [
      'a second one where there can be one',
      attribute('ContactInformation', 'other'),
      ['IllegalOperation', 'AttributeSingleValued'],
    ],
    ['a text that is too long', aCustom('a', 'x'.repeat(MAX_TEXT_LENGTH + 1)), bad()],
    ['a name that is too long', aCustom('x'.repeat(MAX_TEXT_LENGTH + 1), 'v'), bad()],
    [
      'a Name that another object has',
      aName('taken'),
      ['IllegalOperation', 'NonUniqueNameAttribute'],
    ],
    ['a Name that the object has', aName('mine'), ['IllegalOperation', 'NonUniqueNameAttribute']],
  ];
  function bad(): readonly [string, string] {
    return ['InvalidField', 'InvalidField'];
  }
  it.each(refused)('refuses %s', async (_, added, reasons) => {
    await keep('Active', [attribute('ContactInformation', 'me'), aName('mine')]);
    await rig.send('1.4', [createNamed('taken')]);
    expect(await reasonsOf(addAttribute(added, ID))).toEqual(reasons);
    expect((await rig.store.readObject(adapterId(), ID))?.version).toBe(1);
  });

  it('refuses an index in 1.x', async () => {
    await keep('Active');
    expect(await rig.send('1.4', [addAttribute(aName('n', 1), ID)])).toMatchObject([
      { resultReason: 'InvalidField' },
    ]);
  });

  it('refuses more instances, and more bytes, than an object can hold', async () => {
    const reasons = ['IndexOutOfBounds', 'ServerLimitExceeded'];
    await keep(
      'Active',
      Array.from({ length: MAX_INSTANCES }, (_, index) => ({ ...aCustom('t', 'v'), index })),
    );
    expect(await reasonsOf(addAttribute(aCustom('t', 'v'), ID))).toEqual(reasons);
    const { value } = aCustom('', '');
    const large: Attribute = {
      ...aCustom('large', ''),
      value: { ...value, type: 'ByteString', value: new Uint8Array(MAX_ATTRIBUTE_BYTES) },
    };
    expect(await reasonsOf(addAttribute(large, ID))).toEqual(reasons);
  });

  it('does not put what a client made up into a message unquoted, nor in full', async () => {
    await keep('Active');
    const [answer] = await rig.send('2.1', [
      addAttribute(
        aCustom(`\u001b[31m-----BEGIN PRIVATE KEY-----${'x'.repeat(5000)}`, 'v', 'y'),
        ID,
      ),
    ]);
    expect(answer?.resultReason).toBe('ReadOnlyAttribute');
    expect(answer?.resultMessage?.length).toBeLessThan(300);
    expect(answer?.resultMessage).not.toContain('\u001b');
    expect((await rig.events())[0]?.reason.reasonForFailure).toContain('Read Only Attribute');
  });

  it('refuses an attribute that no version has, and one that this version does not have', async () => {
    await keep('Active');
    const bogus = Buffer.from(aMessage('1.4', [addAttribute(aCustom('Bogus', 'v'), ID)]));
    bogus.write('Bogus-x', bogus.indexOf('x-Bogus'));
    const newer = Buffer.from(aMessage('1.4', [addAttribute(attribute('Sensitive', true), ID)]));
    const minorAt = newer.indexOf('42006b0200000004', 'hex') + 8;
    newer.writeUInt32BE(3, minorAt);
    for (const bytes of [bogus, newer]) {
      expect(await answersTo(bytes)).toMatchObject([
        {
          resultReason: 'InvalidField',
          resultMessage: expect.stringContaining('has no attribute'),
        },
      ]);
    }
  });

  describe('dates by State', () => {
    const dates = [
      'ActivationDate',
      'ProcessStartDate',
      'ProtectStopDate',
      'DeactivationDate',
    ] as const;
    const MAY: Readonly<Record<State, readonly (typeof dates)[number][]>> = {
      PreActive: dates,
      Active: ['ProcessStartDate', 'ProtectStopDate', 'DeactivationDate'],
      Deactivated: [],
      Compromised: [],
      Destroyed: [],
      DestroyedCompromised: [],
    };
    const rows = Object.entries(MAY).flatMap(([state, allowed]) =>
      dates.map((name) => [name, allowed.includes(name) ? 'may' : 'may not', state] as const),
    );
    it.each(rows)('%s %s be set while the key is %s', async (name, may, state) => {
      await keep(state as State); // a key of the table
      const [answer] = await rig.send('1.4', [addAttribute(attribute(name, NOW + 100), ID)]);
      expect(answer?.resultReason).toBe(may === 'may' ? undefined : 'PermissionDenied');
    });
  });
});

describe('Get Attributes', () => {
  const attributesOf = (answer: Answer | undefined) =>
    successOf('GetAttributes', answer).attributes;
  const ask = (...references: readonly (AttributeReference | undefined)[]): RequestedItem => ({
    operation: 'GetAttributes',
    payload: { uniqueIdentifier: ID, attributeReferences: references },
  });
  const standard = (name: 'Name' | 'State' | 'ObjectGroup'): AttributeReference => ({
    kind: 'standard',
    name,
  });

  it('answers all of them when none is named', async () => {
    await keep('Active', [aName('n')]);
    const [answer] = await rig.send('2.1', [getAttributes(ID)]);
    expect(attributesOf(answer)).toHaveLength(9);
  });

  it('answers those that are named, in the order of the request, and leaves out what is not there', async () => {
    await keep('Active', [aName('a'), aName('b', 1)]);
    const [answer] = await rig.send('1.4', [
      ask(
        standard('State'),
        standard('ObjectGroup'),
        { kind: 'vendor', vendorIdentification: 'x', name: 'Absent' },
        standard('Name'),
      ),
    ]);
    expect(attributesOf(answer)).toEqual([attribute('State', 'Active'), aName('a'), aName('b', 1)]);
  });

  it('answers nothing for names that nobody knows, rather than everything', async () => {
    await keep('Active');
    const bytes = aMessage('1.4', [ask(standard('Name'))]);
    Buffer.from(bytes.buffer).write('Mane', Buffer.from(bytes).indexOf('Name'));
    expect(await answersTo(bytes)).toMatchObject([
      { resultStatus: 'Success', payload: { attributes: [] } },
    ]);
  });

  it('shows the State that the dates have brought', async () => {
    await keep('PreActive', [attribute('ActivationDate', NOW)]);
    const [answer] = await rig.send('1.4', [ask(standard('State'))]);
    expect(attributesOf(answer)).toEqual([attribute('State', 'Active')]);
  });

  it('refuses a name that stands twice (1.4 §11.13), but no two that only read alike', async () => {
    await keep('Active');
    expect(await reasonsOf(ask(standard('Name'), standard('Name')))).toEqual([
      'InvalidMessage',
      'InvalidMessage',
    ]);
    const [answer] = await rig.send('2.1', [
      ask(
        { kind: 'vendor', vendorIdentification: 'a-b', name: 'c' },
        { kind: 'vendor', vendorIdentification: 'a', name: 'b-c' },
      ),
    ]);
    expect(answer).toMatchObject({ resultStatus: 'Success' });
  });

  it('takes no longer for many names than for few of them each', async () => {
    await keep('Active');
    const names = Array.from({ length: 15_000 }, (_, n) => ({
      kind: 'vendor' as const,
      vendorIdentification: 'x',
      name: `n${n}`,
    }));
    const before = performance.now();
    await rig.send('1.4', [ask(...names)]);
    expect(performance.now() - before).toBeLessThan(2000);
  });

  it('of an object that is not there is not found, and the event says which', async () => {
    expect(await reasonsOf(getAttributes(NOBODY))).toEqual(['ItemNotFound', 'ObjectNotFound']);
    expect((await rig.events())[0]).toMatchObject({
      outcome: 'failure',
      target: { name: NOBODY },
      reason: { reasonCode: 404 },
    });
  });

  it('of something that is no identifier is not found, and the event is about the instance', async () => {
    expect(await reasonsOf(getAttributes("1' OR '1'='1"))).toEqual([
      'ItemNotFound',
      'ObjectNotFound',
    ]);
    expect(await reasonsOf(getAttributes('x'.repeat(5000)))).toEqual([
      'ItemNotFound',
      'ObjectNotFound',
    ]);
    expect((await rig.events())[0]?.target.name).toBe('');
  });
});

describe('Get Attribute List', () => {
  it('names each attribute once, vendors apart', async () => {
    await keep('Active', [
      aName('a'),
      aName('b', 1),
      aCustom('c', 'v', 'a-b'),
      aCustom('b-c', 'v', 'a'),
    ]);
    const [answer] = await rig.send('2.1', [
      { operation: 'GetAttributeList', payload: { uniqueIdentifier: ID } },
    ]);
    const names = successOf('GetAttributeList', answer).attributeReferences.map(
      (reference) => reference?.name,
    );
    expect(names.filter((name) => name === 'Name')).toHaveLength(1);
    expect(names.slice(-2)).toEqual(['c', 'b-c']);
  });
});
