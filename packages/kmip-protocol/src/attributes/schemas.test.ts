import { describe, expect, it } from 'vitest';
import { itemTypesIn } from '../schema/item-types.ts';
import type { Schema } from '../schema/schema.ts';
import { ATTRIBUTE_RULES } from '../tables/attributes.ts';
import { familyOf, isWithin, VERSIONS } from '../tables/version.ts';
import { ATTRIBUTE_SCHEMAS } from './schemas.ts';

describe('the schemas of attributes', () => {
  it('are those of the attributes in the tables, nothing missing and nothing more', () => {
    expect(Object.keys(ATTRIBUTE_SCHEMAS).sort()).toEqual(Object.keys(ATTRIBUTE_RULES).sort());
  });

  it.each(Object.entries(ATTRIBUTE_RULES))(
    '%s has the tag and the types of the tables',
    (name, row) => {
      const schemas: Readonly<Record<string, Schema>> = ATTRIBUTE_SCHEMAS;
      const schema = schemas[name];
      expect(schema?.tag).toBe(row.tag);
      for (const version of VERSIONS.filter((each) => isWithin(each, row))) {
        const types = schema === undefined ? [] : itemTypesIn(schema, version);
        expect([version, [...types].sort()]).toEqual([
          version,
          [...(row[familyOf(version)]?.types ?? [])].sort(),
        ]);
      }
    },
  );
});
