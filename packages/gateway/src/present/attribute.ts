/** Attributes of an object as commands show them. */
import { type Attribute, attributeText, MASKS } from '@claviger/kmip-protocol';
import { jsonText } from './json-text.ts';

/** For `--json`: the name as KMIP 1.x writes it, and the value. */
export function toJsonAttribute(attribute: Attribute): object {
  const { index } = attribute;
  const value = attribute.kind === 'vendor' ? attribute.value.value : attribute.value;
  return { name: attributeText(attribute), ...(index > 0 && { index }), value };
}

/** The value in a line for people. */
export function formatAttribute(attribute: Attribute): string {
  if (attribute.kind === 'vendor') return formatValue(attribute.value.value);
  switch (attribute.name) {
    case 'CryptographicUsageMask':
      return formatMask(attribute.value);
    case 'Name':
      return attribute.value.nameValue;
    default:
      return isDate(attribute)
        ? `${new Date(Number(attribute.value) * 1000).toISOString().replace('.000', '')}`
        : formatValue(attribute.value);
  }
}

/** All attributes of the specification that are named so are dates in POSIX seconds. */
function isDate({ name, value }: Attribute): boolean {
  return name.endsWith('Date') && typeof value === 'number';
}

function formatMask(mask: number): string {
  const names = Object.entries(MASKS.CryptographicUsageMask.bits)
    .filter(([, bit]) => (mask & bit) !== 0)
    .map(([name]) => name);
  return names.length === 0 ? String(mask) : names.join(', ');
}

function formatValue(value: unknown): string {
  return typeof value === 'string' ? value : jsonText(value);
}
