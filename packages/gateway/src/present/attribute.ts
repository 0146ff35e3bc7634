/** Attributes of a managed object, as the API tells them, for people. */
import { MASKS } from '@claviger/kmip-protocol';
import { z } from 'zod';
import type { ObjectAttribute } from '../api-client/resources.ts';
import { jsonText } from './json-text.ts';

const Name = z.object({ nameValue: z.string() });

/** The value in a line. */
export function formatAttribute({ name, value }: ObjectAttribute): string {
  if (name === 'Cryptographic Usage Mask' && typeof value === 'number') return formatMask(value);
  // All attributes of the specification that are named so are dates in POSIX seconds.
  const seconds = Number(value);
  if (name.endsWith(' Date') && !name.startsWith('x-') && Number.isSafeInteger(seconds)) {
    return new Date(seconds * 1000).toISOString().replace('.000', '');
  }
  const named = name === 'Name' ? Name.safeParse(value) : undefined;
  if (named?.success === true) return named.data.nameValue;
  return typeof value === 'string' ? value : jsonText(value);
}

/** The first value of an attribute; empty when the object has none. */
export function attributeOf(
  { attributes }: { readonly attributes: readonly ObjectAttribute[] },
  name: string,
): string {
  const found = attributes.find((attribute) => attribute.name === name);
  return found === undefined ? '' : formatAttribute(found);
}

function formatMask(mask: number): string {
  const names = Object.entries(MASKS.CryptographicUsageMask.bits)
    .filter(([, bit]) => (mask & bit) !== 0)
    .map(([name]) => name);
  return names.length === 0 ? String(mask) : names.join(', ');
}
