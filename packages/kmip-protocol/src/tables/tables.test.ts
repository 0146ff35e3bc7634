import { describe, expect, it } from 'vitest';
import { ATTRIBUTE_RULES } from './attributes.ts';
import {
  ENUMERATION_ALIASES,
  ENUMERATION_OF_TAG,
  ENUMERATION_VALUE_VERSIONS,
  ENUMERATIONS,
} from './enumerations.ts';
import { type FieldRow, PAYLOAD_FIELDS, STRUCTURE_FIELDS } from './field-tables.fixtures.ts';
import { MASK_ALIASES, MASK_BIT_VERSIONS, MASKS } from './masks.ts';
import { OPERATIONS } from './operations.ts';
import {
  GENERAL_RESULT_REASONS,
  RESULT_REASONS_FROM_CLIENT,
  RESULT_REASONS_OF_OPERATION,
} from './result-reasons.ts';
import { TAG_VERSIONS, TAGS } from './tags.ts';
import {
  familyOf,
  isWithin,
  VERSIONS,
  type Version,
  type VersionRange,
  versionIndex,
} from './version.ts';

describe('tags', () => {
  it('are 371, each with its own number in the range of the specification', () => {
    const numbers = Object.values(TAGS);
    expect(numbers).toHaveLength(371);
    expect(new Set<number>(numbers).size).toBe(371);
    expect(numbers.every((tag) => tag > 0x420000 && tag < 0x430000)).toBe(true);
  });

  it('know where 2.0 ended what 1.x had', () => {
    expect(TAG_VERSIONS.TemplateAttribute).toEqual({ until: '1.4' });
    expect(TAG_VERSIONS.CertificateIdentifier).toEqual({ until: '1.4' });
    expect(TAG_VERSIONS.Attributes).toEqual({ since: '2.0' });
    expect(TAG_VERSIONS.UniqueIdentifier).toBeUndefined();
  });
});

describe('enumerations', () => {
  const rows = Object.entries(ENUMERATIONS);

  it('are 63 with 810 values, and those of PKCS#11', () => {
    expect(rows).toHaveLength(63);
    const own = rows.filter(([name]) => !/^PKCS_11/.test(name));
    expect(own.flatMap(([, { values }]) => Object.values(values))).toHaveLength(810);
  });

  it('number the functions of PKCS#11 as its list of functions does (2.1 §11.38)', () => {
    const { values } = ENUMERATIONS.PKCS_11Function;
    expect(Object.values(values)).toEqual(Object.keys(values).map((_, index) => index + 1));
    // The last of PKCS#11 2.40, and the last of 3.0.
    expect(values).toMatchObject({ C_WaitForSlotEvent: 68, C_MessageVerifyFinal: 92 });
    expect(ENUMERATIONS.PKCS_11ReturnCode.values).toMatchObject({ OK: 0, BUFFER_TOO_SMALL: 0x150 });
  });

  it.each(rows)('%s gives each value one number', (_, { values }) => {
    const numbers = Object.values<number>(values);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('stand under tags that exist', () => {
    const tags = new Set<number>(Object.values(TAGS));
    const own = rows.map(([, { tag }]) => tag).filter((tag) => tag !== undefined);
    expect(
      [...own, ...Object.keys(ENUMERATION_OF_TAG).map(Number)].filter((tag) => !tags.has(tag)),
    ).toEqual([]);
  });

  it('are found by their own tag', () => {
    for (const [name, { tag }] of rows) {
      expect(tag === undefined ? name : ENUMERATION_OF_TAG[tag]).toBe(name);
    }
  });

  it('are found by tags that borrow them', () => {
    expect(ENUMERATION_OF_TAG[TAGS.MaskGeneratorHashingAlgorithm]).toBe('HashingAlgorithm');
    expect(ENUMERATION_OF_TAG[TAGS.ExtensionType]).toBe('ItemType');
    expect(ENUMERATION_OF_TAG[TAGS.LinkedObjectIdentifier]).toBe('UniqueIdentifier');
  });

  it('are known for every field that may hold an Enumeration', () => {
    const enumerated = allFields().filter(({ types }) => types.includes('Enumeration'));
    const without = enumerated.filter(
      ({ tag }) => tag === undefined || ENUMERATION_OF_TAG[TAGS[tag]] === undefined,
    );
    // The first depends on the attribute's name, the second holds a tag.
    expect([...new Set(without.map(({ tag }) => tag))].sort()).toEqual([
      'AttributeReference',
      'AttributeValue',
    ]);
  });

  it('give older spellings only to values they have, and never a spelling that is a value', () => {
    const aliases = [...Object.entries(ENUMERATION_ALIASES), ...Object.entries(MASK_ALIASES)];
    for (const [name, spellings] of aliases) {
      const names = namesOf(name);
      expect(Object.values(spellings).filter((value) => !names.includes(value))).toEqual([]);
      expect(Object.keys(spellings).filter((spelling) => names.includes(spelling))).toEqual([]);
    }
  });
});

describe('masks', () => {
  it.each(Object.entries(MASKS))('%s gives each name one bit of its own', (_, { bits }) => {
    const values = Object.values<number>(bits);
    expect(values.every((bit) => Number.isInteger(Math.log2(bit)))).toBe(true);
    expect(new Set(values).size).toBe(values.length);
  });
});

describe('operations', () => {
  it('are 59 and carry the numbers of the Operation enumeration', () => {
    const numbers = Object.entries(OPERATIONS).map(([name, { value }]) => [name, value]);
    expect(numbers).toHaveLength(59);
    expect(Object.fromEntries(numbers)).toEqual(ENUMERATIONS.Operation.values);
  });

  it('have the versions of the Operation enumeration', () => {
    for (const [name, { since }] of Object.entries(OPERATIONS)) {
      const range: Readonly<Record<string, VersionRange>> =
        ENUMERATION_VALUE_VERSIONS.Operation ?? {};
      expect([name, range[name]?.since ?? '1.0']).toEqual([name, since]);
    }
  });
});

describe('attributes', () => {
  const rows = Object.entries(ATTRIBUTE_RULES);

  it('are 65 of their own and the 24 parts of the names of a certificate', () => {
    const parts = rows.filter(([name]) => /^Certificate(Subject|Issuer)./.test(name));
    expect([parts.length, rows.length - parts.length]).toEqual([24, 65]);
  });

  it('stand under the tag of their name, in versions that have the tag', () => {
    const tags: Readonly<Record<string, number>> = TAGS;
    const versions: Readonly<Record<string, VersionRange>> = TAG_VERSIONS;
    for (const [name, { tag, since, until }] of rows) {
      expect([name, tag]).toEqual([name, tags[name]]);
      expect([name, isWithin(since, versions[name])]).toEqual([name, true]);
      expect([name, isWithin(until ?? '2.1', versions[name])]).toEqual([name, true]);
    }
  });

  it('have rules in exactly the families that have them', () => {
    for (const [name, row] of rows) {
      const families = VERSIONS.filter((version) => isWithin(version, row)).map(familyOf);
      const ruled = (['1.x', '2.x'] as const).filter((family) => row[family] !== undefined);
      expect([name, ruled]).toEqual([name, [...new Set(families)]]);
    }
  });

  it('apply only to object types that the family has', () => {
    const versions: Readonly<Record<string, VersionRange>> =
      ENUMERATION_VALUE_VERSIONS.ObjectType ?? {};
    for (const [, row] of rows) {
      for (const version of ['1.4', '2.1'] as const) {
        const types = row[familyOf(version)]?.appliesTo ?? [];
        expect(types.filter((type) => !isWithin(version, versions[type]))).toEqual([]);
      }
    }
  });

  it.each([
    ['UniqueIdentifier', { setBy: 'server', modifiableByClient: false, alwaysHasValue: true }],
    [
      'Name',
      { setBy: 'client', modifiableByClient: true, deletableByClient: true, multiple: true },
    ],
    ['State', { setBy: 'server', modifiableByClient: false, modifiableByServer: true }],
    ['ActivationDate', { setBy: 'either', modifiableByClient: 'pre-active' }],
    ['DeactivationDate', { modifiableByClient: 'pre-active-or-active' }],
    ['ProcessStartDate', { modifiableByClient: 'until-process-start' }],
    ['ProtectStopDate', { modifiableByServer: 'until-protect-stop' }],
    ['UsageLimits', { deletableByClient: 'until-usage-allocation', setBy: 'either' }],
    ['DigitalSignatureAlgorithm', { multiple: 'pgp-only' }],
    ['CryptographicUsageMask', { alwaysHasValue: 'except-opaque-object', types: ['Integer'] }],
    ['X_509CertificateSubject', { appliesTo: ['Certificate'], certificateType: 'X_509' }],
  ] as const)('%s has the rules of the specification in both families', (name, rules) => {
    expect(ATTRIBUTE_RULES[name]['1.x']).toMatchObject(rules);
    expect(ATTRIBUTE_RULES[name]['2.x']).toMatchObject(rules);
  });
});

describe('Result Reasons', () => {
  it.each(VERSIONS)('are listed for the operations of %s', (version) => {
    const listed = {
      ...RESULT_REASONS_OF_OPERATION[version],
      ...RESULT_REASONS_FROM_CLIENT[version],
    };
    const missing = Object.entries(OPERATIONS)
      .filter(([name, row]) => isWithin(version, row) && !(name in listed))
      .map(([name]) => name);
    expect(missing).toEqual(WITHOUT_RESULT_REASONS[version]);
  });

  it('are reasons that the version has', () => {
    const versions: Readonly<Record<string, VersionRange>> =
      ENUMERATION_VALUE_VERSIONS.ResultReason ?? {};
    for (const version of VERSIONS) {
      const lists = [
        GENERAL_RESULT_REASONS[version] ?? [],
        ...Object.values(RESULT_REASONS_OF_OPERATION[version]),
        ...Object.values(RESULT_REASONS_FROM_CLIENT[version]),
      ];
      const tooEarly = lists.flat().filter((reason) => !isWithin(version, versions[reason]));
      expect([version, [...new Set(tooEarly)]]).toEqual([version, []]);
    }
  });
});

describe('versions in every table', () => {
  it('never end before they start', () => {
    const ranges = [
      ...Object.values(TAG_VERSIONS),
      ...Object.values(ENUMERATION_VALUE_VERSIONS).flatMap((values) => Object.values(values)),
      ...Object.values(MASK_BIT_VERSIONS).flatMap((bits) => Object.values(bits)),
      ...Object.values(ATTRIBUTE_RULES),
      ...Object.values(OPERATIONS),
      ...allFields(),
    ];
    const turned = ranges.filter(
      ({ since = '1.0', until = '2.1' }) => versionIndex(since) > versionIndex(until),
    );
    expect(turned).toEqual([]);
  });
});

describe('field tables', () => {
  it('cover 100 structures and every operation', () => {
    expect(Object.keys(STRUCTURE_FIELDS)).toHaveLength(100);
    expect(Object.keys(PAYLOAD_FIELDS).sort()).toEqual(Object.keys(OPERATIONS).sort());
  });

  it('say of each field in exactly one way what may stand there', () => {
    const ways = allFields().map(({ tag, oneOf, any }) => [tag, oneOf, any].filter(Boolean).length);
    expect(ways.length).toBeGreaterThan(1000);
    expect(ways.every((count) => count === 1)).toBe(true);
  });
});

const NEVER_LISTED_IN_1 = ['Query', 'Cancel', 'Notify', 'Put'];

/** Operations for which the version has no table of errors. */
const WITHOUT_RESULT_REASONS: Readonly<Record<Version, readonly string[]>> = {
  '1.0': NEVER_LISTED_IN_1,
  '1.1': [...NEVER_LISTED_IN_1, 'DiscoverVersions'],
  '1.2': [
    ...NEVER_LISTED_IN_1,
    ...['DiscoverVersions', 'Encrypt', 'Decrypt', 'Sign', 'SignatureVerify'],
    ...['MAC', 'MACVerify', 'RNGRetrieve', 'RNGSeed', 'Hash'],
  ],
  '1.3': [...NEVER_LISTED_IN_1, 'DiscoverVersions'],
  '1.4': [...NEVER_LISTED_IN_1, 'DiscoverVersions'],
  '2.0': ['Cancel'],
  '2.1': ['Cancel', 'Ping'],
};

function namesOf(table: string): string[] {
  const enumerations: Readonly<Record<string, { readonly values: object }>> = ENUMERATIONS;
  const masks: Readonly<Record<string, { readonly bits: object }>> = MASKS;
  return Object.keys(enumerations[table]?.values ?? masks[table]?.bits ?? {});
}

function allFields(): FieldRow[] {
  const families = ['1.x', '2.x'] as const;
  const structures = Object.values(STRUCTURE_FIELDS).flatMap((structure) =>
    families.flatMap((family) => structure[family]?.fields ?? []),
  );
  const payloads = Object.values(PAYLOAD_FIELDS)
    .flatMap((row) => [row['client-to-server'], row['server-to-client']])
    .flatMap((direction) => families.flatMap((family) => direction?.[family] ?? []))
    .flatMap(({ request = [], response = [] }) => [...request, ...response]);
  return [...structures, ...payloads];
}
