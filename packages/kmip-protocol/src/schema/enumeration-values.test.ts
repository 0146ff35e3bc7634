import { describe, expect, it } from 'vitest';
import { ENUMERATION_ALIASES, ENUMERATIONS, type EnumerationName } from '../tables/enumerations.ts';
import { enumerationNameOf, enumerationNumberOf, isNamedValue } from './enumeration-values.ts';

// The keys of the table are the names of its enumerations.
const NAMES = Object.keys(ENUMERATIONS) as EnumerationName[];

describe('enumerationNumberOf', () => {
  it.each(NAMES)('leads back from every name of %s', (name) => {
    for (const [value, number] of Object.entries<number>(ENUMERATIONS[name].values)) {
      expect([value, enumerationNumberOf(name, value)]).toEqual([value, number]);
      expect(enumerationNameOf(ENUMERATIONS[name].values, number)).toBe(value);
    }
  });

  it('knows every old spelling', () => {
    for (const name of NAMES) {
      const values: Readonly<Record<string, number>> = ENUMERATIONS[name].values;
      for (const [spelling, value] of Object.entries(ENUMERATION_ALIASES[name] ?? {})) {
        expect([spelling, enumerationNumberOf(name, spelling)]).toEqual([spelling, values[value]]);
      }
    }
  });

  it.each([
    ['0x8ABCDEF0', 0x8abcdef0],
    ['0x8abcdef0', 0x8abcdef0],
    ['0x1', 1],
    ['0xFFFFFFFF', 0xffffffff],
  ])('reads %s as a number', (text, number) => {
    expect(enumerationNumberOf('State', text)).toBe(number);
  });

  it.each(['', '0x', '0x123456789', '0xG', '1', 'active', 'toString', '__proto__', 'constructor'])(
    'does not know %j',
    (text) => {
      expect(enumerationNumberOf('State', text)).toBeUndefined();
    },
  );
});

describe('enumerationNameOf', () => {
  it('writes a number without a name as 0x and eight digits', () => {
    expect(enumerationNameOf(ENUMERATIONS.State.values, 0xab)).toBe('0x000000AB');
    expect(enumerationNameOf(ENUMERATIONS.State.values, 0xffffffff)).toBe('0xFFFFFFFF');
  });
});

describe('isNamedValue', () => {
  it('tells names from numbers', () => {
    expect([isNamedValue('Active'), isNamedValue('0x8ABCDEF0')]).toEqual([true, false]);
  });

  it('holds for every name of the tables', () => {
    const values = NAMES.flatMap((name) => Object.keys(ENUMERATIONS[name].values));
    expect(values.filter((value) => !isNamedValue(value))).toEqual([]);
  });
});
