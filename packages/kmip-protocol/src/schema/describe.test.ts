import { describe, expect, it } from 'vitest';
import { RequestHeader } from '../messages/header.ts';
import { Activate } from '../operations/activate.ts';
import { Create } from '../operations/create.ts';
import { Locate } from '../operations/locate.ts';
import { TAGS } from '../tables/tags.ts';
import { isWithin } from '../tables/version.ts';
import { DESCRIBED_PAYLOADS, DESCRIBED_STRUCTURES } from './all-structures.fixtures.ts';
import { describeOperation, describeStructure, formatFields } from './describe.ts';
import { encodeItem } from './encode.ts';
import { itemTypesIn, itemTypesText } from './item-types.ts';
import { cardinalityIn, resolve } from './plan.ts';

describe('describeStructure', () => {
  it('tells a field whose type changed once for each type', () => {
    const lines = describeStructure(RequestHeader).filter(
      ({ key }) => key === 'asynchronousIndicator',
    );
    expect(lines).toEqual([
      {
        key: 'asynchronousIndicator',
        name: 'AsynchronousIndicator',
        tag: TAGS.AsynchronousIndicator,
        type: 'Boolean',
        cardinality: 'optional',
        since: '1.0',
        until: '1.4',
      },
      {
        key: 'asynchronousIndicator',
        name: 'AsynchronousIndicator',
        tag: TAGS.AsynchronousIndicator,
        type: 'Enumeration AsynchronousIndicator',
        cardinality: 'optional',
        since: '2.0',
        until: '2.1',
      },
    ]);
  });

  it.each([...DESCRIBED_STRUCTURES, ...DESCRIBED_PAYLOADS])(
    'says of $name what its declaration says, in every version',
    ({ schema, versions }) => {
      const lines = describeStructure(schema);
      for (const version of versions) {
        const told = lines
          .filter((line) => isWithin(version, line))
          .map(({ tag, cardinality }) => [tag, cardinality]);
        const declared = Object.values(schema.fields).flatMap((field) => {
          if (field.kind === 'group') {
            return field.items
              .filter((item) => isWithin(version, item))
              .map(({ tag, cardinality }) => [tag, cardinality]);
          }
          return isWithin(version, field)
            ? [[resolve(field.schema, version)?.tag, cardinalityIn(field, version)]]
            : [];
        });
        expect([version, told]).toEqual([version, declared]);
      }
    },
  );

  it('names the types that a walker writes', () => {
    const [line] = describeStructure(Activate.request).filter(({ since }) => since === '2.0');
    const schema = Activate.request.fields['uniqueIdentifier'];
    const types = schema?.kind === 'item' ? itemTypesIn(schema.schema, '2.0') : [];
    expect(line?.type).toBe(itemTypesText(types));
    const item = encodeItem(Activate.request, { uniqueIdentifier: { batchIndex: 0 } }, '2.0');
    expect(item).toMatchObject({ value: [{ type: 'Integer' }] });
  });
});

describe('formatFields', () => {
  it('makes a table for people', () => {
    const { request, response } = describeOperation(Create);
    expect(formatFields(request)).toBe(
      [
        '| Field | Tag | Type | Cardinality | Versions | In memory |',
        '| --- | --- | --- | --- | --- | --- |',
        '| ObjectType | 0x420057 | Enumeration ObjectType | required | 1.0 to 2.1 | `objectType` |',
        '| TemplateAttribute | 0x420091 | Structure | required | 1.0 to 1.4 | `attributes` |',
        '| Attributes | 0x420125 | Structure | required | 2.0 to 2.1 | `attributes` |',
        '| ProtectionStorageMasks | 0x42015F | Structure | optional | 2.0 to 2.1 | `protectionStorageMasks` |',
      ].join('\n'),
    );
    expect(response.map(({ name, since, until }) => [name, since, until])).toEqual([
      ['ObjectType', '1.0', '2.1'],
      ['UniqueIdentifier', '1.0', '1.4'],
      ['UniqueIdentifier', '2.0', '2.1'],
      ['TemplateAttribute', '1.0', '1.4'],
    ]);
  });

  it('names the bits of a mask', () => {
    expect(formatFields(describeStructure(Locate.request))).toContain(
      '| StorageStatusMask | 0x42008E | Integer of StorageStatusMask bits | optional | 1.0 to 2.1 |',
    );
  });
});
