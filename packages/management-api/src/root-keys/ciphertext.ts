/** What a client is given when it wraps data: opaque to it, and enough to unwrap by the right version. */

import { z } from 'zod';
import { BASE64 } from './key-resource.ts';

const FORMAT = 'claviger-1';
const Ciphertext = z.strictObject({
  ciphertext: z.string().regex(BASE64),
  version: z.literal(FORMAT),
  /** Id of the key version. */
  handle: z.uuid(),
});

/** @returns Base64 of JSON, as Key Protect's clients expect. */
export function formatCiphertext(versionId: string, envelope: Uint8Array): string {
  const ciphertext = Buffer.from(envelope).toString('base64');
  const parts: z.output<typeof Ciphertext> = { ciphertext, version: FORMAT, handle: versionId };
  return Buffer.from(JSON.stringify(parts)).toString('base64');
}

/** @returns undefined when the text is no ciphertext of this format. */
export function parseCiphertext(
  text: string,
): { readonly versionId: string; readonly envelope: Uint8Array } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = Ciphertext.safeParse(value);
  if (!parsed.success) return undefined;
  const { handle, ciphertext } = parsed.data;
  return { versionId: handle, envelope: new Uint8Array(Buffer.from(ciphertext, 'base64')) };
}
