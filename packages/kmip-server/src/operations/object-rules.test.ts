import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aCustom, aName } from '../objects/managed-object.fixtures.ts';
import { MAX_RULES, rulesSetting } from '../objects/object-rules.ts';
import { createOf, getAttributes, NOBODY } from '../requests.fixtures.ts';
import { outcomeOf, registerKey } from './known-keys.fixtures.ts';

type Rules<O> = Extract<RequestedItem, { operation: O }>['payload'];
type Constraint = NonNullable<Rules<'SetConstraints'>['constraints']>['constraint'][number];
type Defaults = NonNullable<Rules<'SetDefaults'>['defaultsInformation']>['objectDefaults'][number];

const AES = attribute('CryptographicAlgorithm', 'AES');
const MASK = attribute('CryptographicUsageMask', 12);
const length = (bits: number) => attribute('CryptographicLength', bits);
const group = (name: string) => attribute('ObjectGroup', name);
const key = (...attributes: readonly Attribute[]) => createOf(attributes);
const GET_CONSTRAINTS: RequestedItem = { operation: 'GetConstraints', payload: {} };
const SYMMETRIC = { objectType: ['SymmetricKey'] } as const;

function constrain(...constraint: readonly Constraint[]): RequestedItem {
  const constraints = constraint.length === 0 ? undefined : { constraint: [...constraint] };
  return { operation: 'SetConstraints', payload: { constraints } };
}

function setDefaults(...objectDefaults: readonly Defaults[]): RequestedItem {
  const defaultsInformation =
    objectDefaults.length === 0 ? undefined : { objectDefaults: [...objectDefaults] };
  return { operation: 'SetDefaults', payload: { defaultsInformation } };
}

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

const outcome = (item: RequestedItem) => outcomeOf(rig, '2.1', item);

describe('Set Constraints and Get Constraints', () => {
  it('keep what was set, and nothing after Set Constraints without any', async () => {
    const constraints = [
      { objectTypes: SYMMETRIC, objectGroups: { objectGroup: ['a'] }, attributes: [AES] },
      { objectTypes: SYMMETRIC, attributes: [length(192)] },
    ] as unknown as Constraint[]; // the arrays are only read
    await rig.send('2.1', [constrain(...constraints)]);
    const [kept] = await rig.send('2.1', [GET_CONSTRAINTS]);
    expect(successOf('GetConstraints', kept).constraints.constraint).toMatchObject(constraints);
    await rig.send('2.1', [constrain()]);
    const [none] = await rig.send('2.1', [GET_CONSTRAINTS]);
    expect(successOf('GetConstraints', none).constraints.constraint).toEqual([]);
  });

  it('hold new keys to the constraints of their groups, others to those without a group', async () => {
    await rig.send('2.1', [
      constrain(
        {
          objectTypes: { objectType: ['SymmetricKey'] },
          objectGroups: { objectGroup: ['strong'] },
          attributes: [length(256)],
        },
        { objectTypes: { objectType: ['SymmetricKey'] }, attributes: [AES, length(192)] },
      ),
    ]);
    expect([
      await outcome(key(AES, length(256), MASK, group('strong'))),
      await outcome(key(AES, length(192), MASK, group('strong'))),
      await outcome(key(AES, length(192), MASK)),
      await outcome(key(AES, length(256), MASK, group('other'))),
      await outcome(key(attribute('CryptographicAlgorithm', 'DES3'), length(192), MASK)),
    ]).toEqual([
      'Success',
      'ConstraintViolation',
      'Success',
      'ConstraintViolation',
      'ConstraintViolation',
    ]);
  });

  it('take the values of several constraints for alternatives', async () => {
    const of = (bits: number) => ({ attributes: [length(bits)] });
    await rig.send('2.1', [constrain(of(128), of(256))]);
    const outcomes = [];
    for (const bits of [128, 192, 256]) outcomes.push(await outcome(key(AES, length(bits), MASK)));
    expect(outcomes).toEqual(['Success', 'ConstraintViolation', 'Success']);
  });

  it('hold what is registered, and attributes that the server adds', async () => {
    await rig.send('2.1', [constrain({ attributes: [attribute('Sensitive', true)] })]);
    await expect(registerKey(rig, 'AES', '00'.repeat(32), { usage: ['Encrypt'] })).rejects.toThrow(
      'InvalidField',
    );
    const sensitive = [attribute('Sensitive', true)];
    await expect(
      registerKey(rig, 'AES', '00'.repeat(32), { usage: ['Encrypt'], attributes: sensitive }),
    ).resolves.toEqual(expect.any(String));
  });

  it('ask of no object what its type cannot have', async () => {
    await rig.send('2.1', [constrain({ attributes: [attribute('CertificateType', 'PGP')] })]);
    const opaque: RequestedItem = {
      operation: 'Register',
      payload: {
        objectType: 'OpaqueObject',
        attributes: { attributes: [], templateNames: [] },
        opaqueObject: { opaqueDataType: '0x80000001', opaqueDataValue: Uint8Array.of(1) },
      },
    };
    expect(await outcome(opaque)).toBe('Success');
  });

  it('count at once in the same message, and not when the message is undone', async () => {
    const forbid = constrain({ attributes: [length(128)] });
    const make = key(AES, length(256), MASK);
    expect(await rig.send('2.1', [forbid, make])).toMatchObject([
      { resultStatus: 'Success' },
      { resultReason: 'ConstraintViolation' },
    ]);
    await rig.send('2.1', [constrain()]);
    const header = { batchErrorContinuationOption: 'Undo' } as const;
    await rig.send('2.1', [forbid, make], { header });
    expect(await outcome(make)).toBe('Success');
  });

  it('bind a key that was being made while they were set', async () => {
    let isFirst = true;
    const racing = await startMessageRig({
      wrapStore: (store) => ({
        ...store,
        async commit(unit) {
          const makesKey = unit.changes.some(({ kind }) => kind === 'insert-object');
          if (makesKey && isFirst) {
            isFirst = false;
            await racing.send('2.1', [constrain({ attributes: [length(128)] })]);
          }
          return await store.commit(unit);
        },
      }),
    });
    expect(await outcomeOf(racing, '2.1', key(AES, length(256), MASK))).toBe('ConstraintViolation');
    expect(await racing.countObjects()).toBe(0);
  });

  it('make nothing by constraints that cannot be read', async () => {
    const name = rulesSetting(rig.source.principal.record.adapter.id);
    const change = { kind: 'replace-setting', name, value: 'AAAA AAAA' } as const;
    await rig.store.commit({ guards: [], changes: [change], events: [] });
    expect(await outcome(key(AES, length(256), MASK))).toBe('GeneralFailure');
    expect(await rig.countObjects()).toBe(0);
  });

  it.each<[string, RequestedItem, string]>([
    [
      'a type that is not known',
      constrain({ objectTypes: { objectType: ['0x80000001'] }, attributes: [AES] }),
      'InvalidObjectType',
    ],
    [
      'too many',
      constrain(...Array.from({ length: MAX_RULES + 1 }, () => ({ attributes: [AES] }))),
      'InvalidField',
    ],
    [
      'too long ones',
      constrain({ attributes: [aCustom('a', 'v'.repeat(100_000))] }),
      'InvalidField',
    ],
  ])('refuse %s and keep what was', async (_, item, reason) => {
    await rig.send('2.1', [constrain({ attributes: [AES] })]);
    expect(await outcome(item)).toBe(reason);
    const [answer] = await rig.send('2.1', [GET_CONSTRAINTS]);
    expect(successOf('GetConstraints', answer).constraints.constraint).toHaveLength(1);
  });

  it('are not there in a version without them', async () => {
    expect(await outcomeOf(rig, '1.4', GET_CONSTRAINTS)).toBe('OperationNotSupported');
  });
});

describe('Set Defaults', () => {
  const lengthOf = async (item: RequestedItem) => {
    const [made] = await rig.send('2.1', [item]);
    const { uniqueIdentifier } = successOf('Create', made);
    const [answer] = await rig.send('2.1', [getAttributes(String(uniqueIdentifier))]);
    const { attributes } = successOf('GetAttributes', answer);
    return attributes.find(({ name }) => name === 'CryptographicLength')?.value;
  };

  it('fills in what a request for a key leaves out, by group before all', async () => {
    await rig.send('2.1', [
      setDefaults(
        { objectType: 'SymmetricKey', attributes: [AES, length(128), MASK] },
        {
          objectTypes: { objectType: ['SymmetricKey'] },
          objectGroups: { objectGroup: ['strong'] },
          attributes: [length(256)],
        },
      ),
    ]);
    expect([
      await lengthOf(key()),
      await lengthOf(key(length(192))),
      await lengthOf(key(group('strong'))),
    ]).toEqual([128, 192, 256]);
    await rig.send('2.1', [setDefaults()]);
    expect(await outcome(key())).toBe('InvalidField');
  });

  it('fills in both halves of a key pair, and what registered material does not say', async () => {
    const rsa = [attribute('CryptographicAlgorithm', 'RSA'), length(2048)];
    await rig.send('2.1', [
      setDefaults(
        {
          objectType: 'PrivateKey',
          attributes: [...rsa, attribute('CryptographicUsageMask', 1)],
        },
        { objectType: 'PublicKey', attributes: [...rsa, attribute('CryptographicUsageMask', 2)] },
        { objectType: 'SymmetricKey', attributes: [length(128), group('registered')] },
      ),
    ]);
    expect(await outcome({ operation: 'CreateKeyPair', payload: {} })).toBe('Success');
    const id = await registerKey(rig, 'AES', '00'.repeat(32), { usage: ['Encrypt'] });
    const [answer] = await rig.send('2.1', [getAttributes(id)]);
    expect(successOf('GetAttributes', answer).attributes).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ name: 'CryptographicLength', value: 256 }),
        expect.objectContaining({ name: 'ObjectGroup', value: 'registered' }),
      ]),
    );
  });

  it('is what Query tells, for the groups that it is asked for', async () => {
    const all = { objectType: 'SymmetricKey', attributes: [AES] } as const;
    const strong = {
      objectType: 'SymmetricKey',
      objectGroups: { objectGroup: ['strong'] },
      attributes: [length(256)],
    } as const;
    const told = async (...objectGroup: string[]) => {
      const objectGroups = objectGroup.length === 0 ? undefined : { objectGroup };
      const [answer] = await rig.send('2.1', [
        {
          operation: 'Query',
          payload: { queryFunction: ['QueryDefaultsInformation'], objectGroups },
        },
      ]);
      return successOf('Query', answer).defaultsInformation?.objectDefaults.length;
    };
    expect(await told()).toBeUndefined();
    await rig.send('2.1', [
      setDefaults({ ...all, attributes: [AES] }, { ...strong, attributes: [length(256)] } as never),
    ]);
    expect([await told(), await told('strong'), await told('weak')]).toEqual([2, 2, 1]);
  });

  it.each<[string, Defaults, string]>([
    ['a Name', { objectType: 'SymmetricKey', attributes: [aName('a')] }, 'InvalidField'],
    [
      'what the server sets',
      { objectType: 'SymmetricKey', attributes: [attribute('UniqueIdentifier', NOBODY)] },
      'InvalidField',
    ],
    [
      'what the type cannot have',
      { objectType: 'OpaqueObject', attributes: [attribute('CertificateType', 'PGP')] },
      'InvalidField',
    ],
    [
      'a type that is not known',
      { objectType: '0x80000001', attributes: [AES] },
      'InvalidObjectType',
    ],
    ['no type', { objectTypes: { objectType: [] }, attributes: [AES] }, 'InvalidObjectType'],
  ])('refuses %s', async (_, defaults, reason) => {
    expect(await outcome(setDefaults(defaults))).toBe(reason);
  });
});

it('each leaves its event', async () => {
  await rig.send('2.1', [constrain(), GET_CONSTRAINTS, setDefaults()]);
  const events = await rig.events();
  for (const event of events) assertValidEvent(event);
  expect(events.map(({ action, outcome: how }) => `${action} ${how}`)).toEqual([
    'claviger.kmip-server.set-constraints success',
    'claviger.kmip-server.get-constraints success',
    'claviger.kmip-server.set-defaults success',
  ]);
});

describe('the rules of one adapter', () => {
  it('are not those of another', () => {
    expect(rulesSetting('a')).not.toBe(rulesSetting('b'));
  });
});
