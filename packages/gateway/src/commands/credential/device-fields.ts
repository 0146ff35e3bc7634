import { Failure } from '../../failure.ts';

/** Fields of a device as people write them, and as the API does. */
const FIELDS = {
  'serial-number': 'serial_number',
  identifier: 'identifier',
  network: 'network_identifier',
  machine: 'machine_identifier',
  media: 'media_identifier',
} as const;

export type DeviceFields = { readonly [F in (typeof FIELDS)[keyof typeof FIELDS]]?: string };

/**
 * Reads `field=value` of a device.
 *
 * @throws Failure `usage` for another field, one without a value, or one that is given twice.
 */
export function parseDevice(texts: readonly string[]): DeviceFields {
  const device: Record<string, string> = {};
  for (const text of texts) {
    const [field = '', ...parts] = text.split('=');
    const value = parts.join('=');
    const name = isField(field) ? FIELDS[field] : undefined;
    if (name === undefined || value === '' || device[name] !== undefined) {
      const known = Object.keys(FIELDS).join(', ');
      throw new Failure('usage', `A device has FIELD=VALUE, each once; the fields are: ${known}.`);
    }
    device[name] = value;
  }
  return device;
}

function isField(text: string): text is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, text);
}
