/** Between the numbers of an enumeration and its names. */

import { ENUMERATION_ALIASES, ENUMERATIONS, type EnumerationName } from '../tables/enumerations.ts';

type Values = Readonly<Record<string, number>>;
const reversed = new WeakMap<Values, ReadonlyMap<number, string>>();

/** The name of a value, or `0x` and eight hex digits when the table has none (a vendor's extension). */
export function enumerationNameOf(values: Values, value: number): string {
  let names = reversed.get(values);
  if (names === undefined) {
    names = new Map(Object.entries(values).map(([name, number]) => [number, name]));
    reversed.set(values, names);
  }
  return names.get(value) ?? `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** Whether a value has a name in the tables: extensions and unknown values have none. */
export function isNamedValue(value: string): boolean {
  return !value.startsWith('0x');
}

/** The number of a name or of a `0x` form; undefined when it is neither. Old spellings count. */
export function enumerationNumberOf(
  enumeration: EnumerationName,
  name: string,
): number | undefined {
  if (/^0x[0-9A-Fa-f]{1,8}$/.test(name)) return Number.parseInt(name.slice(2), 16);
  const values: Values = ENUMERATIONS[enumeration].values;
  const aliases: Readonly<Record<string, string>> = ENUMERATION_ALIASES[enumeration] ?? {};
  const canonical = Object.hasOwn(aliases, name) ? aliases[name] : name;
  return canonical !== undefined && Object.hasOwn(values, canonical)
    ? values[canonical]
    : undefined;
}
