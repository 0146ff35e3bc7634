import { matchesPredicate } from '@claviger/key-store';
import { type Attribute, attribute, type ClavigerError, MASKS } from '@claviger/kmip-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type State, stateAt } from '../lifecycle/state.ts';
import { indexEntries } from '../objects/index-entries.ts';
import { aCustom, aName, aSymmetricKey, NOW } from '../objects/managed-object.fixtures.ts';
import type { ManagedObject } from '../objects/managed-object.ts';
import { type LocateConditions, locatePredicate, statePredicate } from './predicate.ts';

const STATES: readonly State[] = [
  'PreActive',
  'Active',
  'Deactivated',
  'Compromised',
  'Destroyed',
  'DestroyedCompromised',
];

const { OnLineStorage, ArchivalStorage, DestroyedStorage } = MASKS.StorageStatusMask.bits;

function finds(object: ManagedObject, conditions: LocateConditions, version = '1.4' as const) {
  const predicate = locatePredicate(conditions, NOW, version);
  return matchesPredicate(indexEntries(object.attributes), predicate);
}

function refusal(conditions: LocateConditions): string {
  try {
    locatePredicate(conditions, NOW, '1.4');
  } catch (error) {
    return (error as ClavigerError).code; // the only error it throws
  }
  return 'none';
}

describe('statePredicate', () => {
  it('says the same as stateAt, whatever is stored and whenever it is asked', () => {
    const date = fc.option(fc.integer({ min: NOW - 5, max: NOW + 5 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.constantFrom(...STATES),
        date,
        date,
        fc.integer({ min: NOW - 6, max: NOW + 6 }),
        (state, activation, deactivation, now) => {
          const object = aSymmetricKey({
            state,
            attributes: [
              ...(activation === undefined ? [] : [attribute('ActivationDate', activation)]),
              ...(deactivation === undefined ? [] : [attribute('DeactivationDate', deactivation)]),
            ],
          });
          const index = indexEntries(object.attributes);
          const found = STATES.filter((each) => matchesPredicate(index, statePredicate(each, now)));
          expect(found).toEqual([stateAt(object, now)]);
        },
      ),
    );
  });
});

const LONG = 'n'.repeat(300);
const USAGE = MASKS.CryptographicUsageMask.bits;
const parameters = (blockCipherMode: 'CBC' | 'GCM', paddingMethod?: 'PKCS5' | 'None') =>
  attribute('CryptographicParameters', { blockCipherMode, paddingMethod });
const information = (applicationNamespace: string, applicationData?: string) =>
  attribute('ApplicationSpecificInformation', { applicationNamespace, applicationData });

/** The attributes of an object, then one that finds it and one that does not. */
const KINDS: readonly (readonly [string, readonly Attribute[], Attribute, Attribute])[] = [
  [
    'a text',
    [attribute('ObjectGroup', 'g')],
    attribute('ObjectGroup', 'g'),
    attribute('ObjectGroup', 'G'),
  ],
  [
    'a text of which several are there',
    [attribute('ObjectGroup', 'g', 0), attribute('ObjectGroup', 'h', 1)],
    attribute('ObjectGroup', 'h'),
    attribute('ObjectGroup', 'i'),
  ],
  ['a long text', [aName(LONG)], aName(LONG), aName(`${LONG}n`)],
  ['an integer', [], attribute('CryptographicLength', 256), attribute('CryptographicLength', 128)],
  [
    'an enumeration',
    [],
    attribute('CryptographicAlgorithm', 'AES'),
    attribute('CryptographicAlgorithm', 'DES3'),
  ],
  [
    'a value of an enumeration that has no name',
    [attribute('OpaqueDataType', '0x80000001')],
    attribute('OpaqueDataType', '0x80000001'),
    attribute('OpaqueDataType', '0x80000002'),
  ],
  [
    'a boolean',
    [attribute('Sensitive', true)],
    attribute('Sensitive', true),
    attribute('Sensitive', false),
  ],
  [
    'an interval',
    [attribute('LeaseTime', 60)],
    attribute('LeaseTime', 60),
    attribute('LeaseTime', 61),
  ],
  [
    'bytes',
    [attribute('ShortUniqueIdentifier', Uint8Array.of(1, 2))],
    attribute('ShortUniqueIdentifier', Uint8Array.of(1, 2)),
    attribute('ShortUniqueIdentifier', Uint8Array.of(1)),
  ],
  [
    'one bit of a mask',
    [],
    attribute('CryptographicUsageMask', USAGE.Encrypt),
    attribute('CryptographicUsageMask', USAGE.Sign),
  ],
  [
    'several bits of a mask',
    [],
    attribute('CryptographicUsageMask', USAGE.Encrypt | USAGE.Decrypt),
    attribute('CryptographicUsageMask', USAGE.Encrypt | USAGE.Sign),
  ],
  [
    'the sign bit of a mask',
    [attribute('ProtectionStorageMask', -0x80000000)],
    attribute('ProtectionStorageMask', -0x80000000),
    attribute('ProtectionStorageMask', -0x40000000),
  ],
  ['a Name', [aName('a'), aName('b', 1)], aName('b'), aName('c')],
  [
    'a Name by its type as well',
    [aName('a')],
    aName('a'),
    attribute('Name', { nameValue: 'a', nameType: 'URI' }),
  ],
  [
    'one field of a structure',
    [information('app', 'data')],
    information('app'),
    information('data'),
  ],
  [
    'all fields of a structure, of one instance',
    [information('app', '1'), information('other', '2')],
    information('other', '2'),
    information('app', '2'),
  ],
  [
    'a field of a structure with more',
    [parameters('CBC', 'PKCS5')],
    parameters('CBC'),
    parameters('GCM'),
  ],
  [
    'a field that a structure repeats',
    [
      attribute('X_509CertificateSubject', {
        subjectDistinguishedName: Uint8Array.of(9),
        subjectAlternativeName: [Uint8Array.of(1), Uint8Array.of(2)],
      }),
    ],
    attribute('X_509CertificateSubject', { subjectAlternativeName: [Uint8Array.of(2)] }),
    attribute('X_509CertificateSubject', { subjectAlternativeName: [Uint8Array.of(3)] }),
  ],
  [
    'a Link to an object',
    [attribute('Link', { linkType: 'NextLink', linkedObjectIdentifier: 'a' })],
    attribute('Link', { linkType: 'NextLink', linkedObjectIdentifier: 'a' }),
    attribute('Link', { linkType: 'NextLink', linkedObjectIdentifier: 'b' }),
  ],
  ['an attribute of a client', [aCustom('A', 'v')], aCustom('A', 'v'), aCustom('a', 'v')],
  [
    'an attribute of a client by vendor and name, however they read together',
    [aCustom('c', 'v', 'a-b')],
    aCustom('c', 'v', 'a-b'),
    aCustom('b-c', 'v', 'a'),
  ],
  [
    'an attribute of a client by its type as well',
    [aCustom('A', '1')],
    aCustom('A', '1'),
    { ...aCustom('A', ''), value: { ...aCustom('A', '').value, type: 'Integer', value: 1 } },
  ],
];

describe('locatePredicate', () => {
  it.each(KINDS)('finds by %s', (_, attributes, same, different) => {
    const object = aSymmetricKey({ attributes });
    expect(finds(object, { attributes: [same] })).toBe(true);
    expect(finds(object, { attributes: [different] })).toBe(false);
  });

  it('ignores the index of an attribute (1.4 §4.9)', () => {
    const object = aSymmetricKey({ attributes: [aName('a'), aName('b', 1)] });
    expect(finds(object, { attributes: [aName('b', 7)] })).toBe(true);
  });

  it('finds everything without a condition, and nothing that lacks one of several', () => {
    const object = aSymmetricKey({ attributes: [aName('a')] });
    expect(finds(object, { attributes: [] })).toBe(true);
    expect(finds(object, { attributes: [aName('a'), attribute('CryptographicLength', 256)] })).toBe(
      true,
    );
    expect(finds(object, { attributes: [aName('a'), attribute('CryptographicLength', 128)] })).toBe(
      false,
    );
  });

  const initial = NOW - 1000; // of `aSymmetricKey`
  it.each([
    ['its date', [initial], true],
    ['a date that is not its own', [initial + 1], false],
    ['a range', [initial - 1, initial + 1], true],
    ['a range whose end comes first', [initial + 1, initial - 1], true],
    ['a range that begins with it', [initial, initial + 1], true],
    ['a range that ends with it', [initial - 1, initial], true],
    ['a range before it', [initial - 2, initial - 1], false],
    ['a range after it', [initial + 1, initial + 2], false],
  ])('compares an object with %s', (_, dates, found) => {
    const attributes = dates.map((date) => attribute('InitialDate', date));
    expect(finds(aSymmetricKey(), { attributes })).toBe(found);
  });

  it('finds no object by a date that it does not have', () => {
    const attributes = [attribute('ActivationDate', 0), attribute('ActivationDate', NOW)];
    expect(finds(aSymmetricKey(), { attributes })).toBe(false);
  });

  describe('where it searches', () => {
    const live = aSymmetricKey({ state: 'Active' });
    const gone = aSymmetricKey({ state: 'DestroyedCompromised' });
    const rows: readonly (readonly [string, number | undefined, boolean, boolean])[] = [
      ['without a mask', undefined, true, false],
      ['on line', OnLineStorage, true, false],
      ['in the archive', ArchivalStorage, false, false],
      ['among the destroyed', DestroyedStorage, false, true],
      ['on line and among the destroyed', OnLineStorage | DestroyedStorage, true, true],
      ['nowhere', 0, false, false],
    ];
    it.each(rows)('%s', (_, storageStatusMask, findsLive, findsGone) => {
      const conditions = { attributes: [], storageStatusMask };
      expect([finds(live, conditions), finds(gone, conditions)]).toEqual([findsLive, findsGone]);
    });

    it('1.x has no bit for destroyed objects: asking for their State finds them', () => {
      const attributes = [attribute('State', 'DestroyedCompromised')];
      expect(finds(gone, { attributes })).toBe(true);
      expect(finds(gone, { attributes, storageStatusMask: OnLineStorage })).toBe(false);
    });

    it('2.x finds destroyed objects by the mask only (2.1 §6.1.28)', () => {
      const attributes = [attribute('State', 'DestroyedCompromised')];
      const index = indexEntries(gone.attributes);
      const found = (storageStatusMask?: number) =>
        matchesPredicate(index, locatePredicate({ attributes, storageStatusMask }, NOW, '2.1'));
      expect([found(), found(DestroyedStorage)]).toEqual([false, true]);
    });
  });

  it.each<[string, LocateConditions, string]>([
    [
      'three dates',
      { attributes: [1, 2, 3].map((date) => attribute('InitialDate', date)) },
      'invalid-field',
    ],
    ['a State without a name', { attributes: [attribute('State', '0x80000001')] }, 'invalid-field'],
    [
      'a structure without a field',
      { attributes: [attribute('CryptographicParameters', {})] },
      'invalid-field',
    ],
    [
      'Usage Limits',
      {
        attributes: [attribute('UsageLimits', { usageLimitsTotal: 1n, usageLimitsUnit: 'Byte' })],
      },
      'feature-not-supported',
    ],
    [
      'more conditions than the store takes',
      { attributes: Array.from({ length: 200 }, (_, n) => aCustom(`n${n}`, 'v')) },
      'invalid-field',
    ],
  ])('refuses %s', (_, conditions, code) => {
    expect(refusal(conditions)).toBe(code);
  });
});
