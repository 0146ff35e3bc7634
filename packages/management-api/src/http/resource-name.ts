import { z } from 'zod';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const WORDS =
  "must be: 2 to 40 letters, digits, '-' or '_', and not a UUID; it stands in paths unescaped";

/** The name of an adapter or certificate: safe in a path, and never to be taken for an id. */
export const ResourceName = z
  .string(WORDS)
  .regex(/^[A-Za-z0-9_-]{2,40}$/, WORDS)
  .refine((name) => !UUID.test(name), WORDS);

const SUFFIX_BYTES = 4;

/** A name for a resource that was given none, e.g. `kmip_cert_3f0c9a21`. */
export function generatedName(
  prefix: 'kmip_adapter' | 'kmip_cert',
  randomBytes: (count: number) => Uint8Array,
): string {
  return `${prefix}_${Buffer.from(randomBytes(SUFFIX_BYTES)).toString('hex')}`;
}
