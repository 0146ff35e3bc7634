import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateTables, SOURCE_DIRECTORY, staleTables } from './generate-kmip-tables.ts';
import { renderAttributes } from './kmip-tables/attributes.ts';
import { renderEnumerations } from './kmip-tables/names.ts';
import { hex, literal, versionRange } from './kmip-tables/render.ts';
import { renderResultReasons } from './kmip-tables/result-reasons.ts';
import { loadSource, type Source } from './kmip-tables/source.ts';

const NOTHING: Source = {
  tags: [],
  enumerations: {},
  masks: {},
  attributes: {},
  operations: {},
  structures: {},
  errors: { '1.x': {}, '2.x': {} },
};

describe.skipIf(!existsSync(SOURCE_DIRECTORY))('the tables (needs ../shared/kmip/tables)', () => {
  it('in the repository are what the generator writes', () => {
    expect(staleTables(generateTables() ?? new Map())).toEqual([]);
  });
});

describe('generating the tables', () => {
  it('reports a file whose text differs and one that is missing', () => {
    const tables = new Map([
      ['package.json', 'not this'],
      ['packages/kmip-protocol/src/tables/nowhere.ts', ''],
    ]);
    expect(staleTables(tables)).toEqual([...tables.keys()]);
  });

  it('has nothing to write where the tables of the specifications are not', () => {
    expect(loadSource('/nowhere')).toBeUndefined();
  });

  it('stops at a rule in words that it has no meaning for', () => {
    const rules = {
      versions: ['2.0'],
      type: 'Integer',
      alwaysHasValue: 'No',
      initiallySetBy: 'Server',
      modifiableByServer: 'Only on Sundays',
      modifiableByClient: 'No',
      deletableByClient: 'No',
      multipleInstances: 'No',
      appliesTo: 'All Objects',
    } as const;
    const attributes = {
      Age: { tag: '0x420001', xmlName: 'Age', since: '2.0', '2.x': rules },
    } as const;
    expect(() => renderAttributes({ ...NOTHING, attributes })).toThrow(
      'Age (2.x): no meaning is given for "Only on Sundays".',
    );
  });

  it('stops at a tag with two enumerations', () => {
    const values = [{ name: 'One', xmlName: 'One', value: '0x00000001' }];
    const tag = '0x420001';
    const enumerations = { A: { xmlName: 'A', tag, values }, B: { xmlName: 'B', tag, values } };
    expect(() => renderEnumerations({ ...NOTHING, enumerations })).toThrow(
      'Tag 0x420001 has two enumerations: A and B.',
    );
  });

  it('stops at a Result Reason and at an operation that it does not know', () => {
    const operations = { Get: { value: '0x0000000A', xmlName: 'Get' } };
    const errors = (heading: string, reason: string) => ({
      '1.x': {},
      '2.x': { '2.0': { [heading]: [reason] } },
    });
    expect(() =>
      renderResultReasons({ ...NOTHING, operations, errors: errors('Get', 'Tired') }),
    ).toThrow('"Tired" is no Result Reason.');
    expect(() =>
      renderResultReasons({ ...NOTHING, operations, errors: errors('Sing', 'N/A') }),
    ).toThrow('Result Reasons of 2.0: "Sing" is no operation.');
  });
});

describe('rendering', () => {
  it('writes data as source text, without what is undefined', () => {
    const value = { tag: hex(10, 6), 'a-b': ["it's"], gone: undefined, nested: { yes: true } };
    expect(literal(value)).toBe("{ tag: 0x00000a, 'a-b': ['it\\'s'], nested: { yes: true } }");
  });

  it('leaves out the bounds that are open', () => {
    expect(versionRange('1.0', '2.1')).toBeUndefined();
    expect(versionRange('1.0', '1.4')).toEqual({ until: '1.4' });
    expect(versionRange('2.0', undefined)).toEqual({ since: '2.0' });
  });
});
