/** The types that a declaration gives. They are checked by the compiler: `pnpm typecheck`. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { RequestHeader } from '../messages/header.ts';
import type { ManagedObject } from '../objects/managed-object.ts';
import type { Create } from '../operations/create.ts';
import type { RequestOf, ResponseOf } from '../operations/operation.ts';
import {
  boolean,
  bytes,
  custom,
  dateTime,
  enumeration,
  integer,
  longInteger,
  mask,
  oneOrMore,
  opaque,
  optional,
  repeated,
  required,
  structure,
  text,
  union,
  versioned,
} from './declare.ts';
import { encodeItem } from './encode.ts';
import type { EnumerationValue, Infer, Schema } from './schema.ts';

const Inner = structure('Name', { nameValue: required(text('NameValue')) });

const Everything = structure('RequestPayload', {
  required: required(text('UniqueIdentifier')),
  optional: optional(integer('BatchCount')),
  repeated: repeated(bytes('Key')),
  oneOrMore: oneOrMore(boolean('Fresh')),
  gatedFrom: required(dateTime('TimeStamp'), { since: '1.2' }),
  gatedUntil: required(longInteger('UsageLimitsCount'), { until: '1.4' }),
  gatedRepeated: repeated(Inner, { since: '2.0' }),
  enumeration: required(enumeration('State', 'State')),
  mask: required(mask('CryptographicUsageMask', 'CryptographicUsageMask')),
  opaque: required(opaque('VendorExtension')),
  union: required(union('KeyValue', [bytes('KeyValue'), Inner])),
  versioned: required(
    versioned('AsynchronousIndicator', [
      { since: '1.0', schema: boolean('AsynchronousIndicator') },
      { since: '2.0', schema: integer('AsynchronousIndicator') },
    ]),
  ),
  custom: required(
    custom('BatchCount', ['Integer', 'Boolean'], {
      decode: (item) => ({ given: item.value }),
      encode: () => ({ tag: 0x42000d, type: 'Integer', value: 1 }),
    }),
  ),
});
type Everything = Infer<typeof Everything>;

describe('the type of a structure', () => {
  it('has a field that every version requires, and each field in the type of its schema', () => {
    expectTypeOf<Everything['required']>().toEqualTypeOf<string>();
    expectTypeOf<Everything['enumeration']>().toEqualTypeOf<EnumerationValue<'State'>>();
    expectTypeOf<Everything['mask']>().toEqualTypeOf<number>();
    expectTypeOf<Everything['opaque']>().toEqualTypeOf<TtlvItem>();
    expectTypeOf<Everything['union']>().toEqualTypeOf<
      Uint8Array | { readonly nameValue: string }
    >();
    expectTypeOf<Everything['versioned']>().toEqualTypeOf<boolean | number>();
    expectTypeOf<Everything['custom']>().toEqualTypeOf<{ given: number | boolean }>();
  });

  it('may lack a field that is optional or that a version does not have', () => {
    expectTypeOf<Everything['optional']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Everything['gatedFrom']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Everything['gatedUntil']>().toEqualTypeOf<bigint | undefined>();
    type Optional = { [K in keyof Everything]-?: object extends Pick<Everything, K> ? K : never };
    expectTypeOf<Optional[keyof Optional]>().toEqualTypeOf<
      'optional' | 'gatedFrom' | 'gatedUntil'
    >();
  });

  it('has an array for what may be repeated, also where a version lacks it', () => {
    expectTypeOf<Everything['repeated']>().toEqualTypeOf<readonly Uint8Array[]>();
    expectTypeOf<Everything['oneOrMore']>().toEqualTypeOf<readonly boolean[]>();
    expectTypeOf<Everything['gatedRepeated']>().toEqualTypeOf<
      readonly { readonly nameValue: string }[]
    >();
  });

  it('is read-only', () => {
    expectTypeOf<Infer<typeof Inner>>().toEqualTypeOf<{ readonly nameValue: string }>();
  });

  it('is that of an enumeration: its names, and 0x for what has none', () => {
    expectTypeOf<'Active'>().toExtend<EnumerationValue<'State'>>();
    expectTypeOf<'0x80000001'>().toExtend<EnumerationValue<'State'>>();
    expectTypeOf<'Elsewhere'>().not.toExtend<EnumerationValue<'State'>>();
  });

  it('is a Schema, whatever it holds', () => {
    expectTypeOf(Everything).toExtend<Schema>();
  });
});

describe('what does not compile', () => {
  it('a value without a required field', () => {
    // @ts-expect-error nameValue is required
    expect(() => encodeItem(Inner, {}, '1.0')).toThrow('nameValue is missing');
  });

  it('a value with a field of another type', () => {
    // @ts-expect-error nameValue is a text
    expect(() => encodeItem(Inner, { nameValue: 1 }, '1.0')).toThrow('NameValue must be');
  });

  it('a value with a field that nobody declared', () => {
    // @ts-expect-error a misspelt key would be lost without a word
    const item = encodeItem(Inner, { nameValue: 'a', nameTyp: 'URI' }, '1.0');
    expect(item.type === 'Structure' && item.value).toHaveLength(1);
  });

  it('a name of an enumeration that it does not have', () => {
    const State = structure('RequestPayload', { state: required(enumeration('State', 'State')) });
    // @ts-expect-error no State is called Elsewhere
    expect(() => encodeItem(State, { state: 'Elsewhere' }, '1.0')).toThrow('a value of State');
  });

  it('a tag or an enumeration that the tables do not have', () => {
    // @ts-expect-error the tag is misspelt
    expect(text('UniqueIdentifer').tag).toBeUndefined();
    // @ts-expect-error there is no such enumeration
    expect(enumeration('State', 'Mood').enumeration).toBe('Mood');
  });

  it('a choice among keys that are no fields', () => {
    const fields = { a: optional(text('NameValue')) };
    // @ts-expect-error b is no field
    expect(structure('Name', fields, { oneOf: ['a', 'b'] }).oneOf).toHaveLength(2);
  });
});

describe('the types of messages', () => {
  it('follow from their declarations', () => {
    expectTypeOf<RequestHeader['batchCount']>().toEqualTypeOf<number>();
    expectTypeOf<RequestHeader['timeStamp']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<RequestHeader['asynchronousIndicator']>().toEqualTypeOf<
      boolean | EnumerationValue<'AsynchronousIndicator'> | undefined
    >();
    expectTypeOf<RequestOf<typeof Create>['objectType']>().toEqualTypeOf<
      EnumerationValue<'ObjectType'>
    >();
    expectTypeOf<ResponseOf<typeof Create>['uniqueIdentifier']>().toEqualTypeOf<
      | string
      | { readonly placeholder: EnumerationValue<'UniqueIdentifier'> }
      | { readonly batchIndex: number }
    >();
    expectTypeOf<keyof ManagedObject>().toEqualTypeOf<
      | 'certificate'
      | 'symmetricKey'
      | 'publicKey'
      | 'privateKey'
      | 'splitKey'
      | 'secretData'
      | 'opaqueObject'
      | 'pgpKey'
      | 'template'
      | 'certificateRequest'
    >();
  });
});
