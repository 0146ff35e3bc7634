/** JSON of anything that a command shows: byte strings as hexadecimal digits, large integers as text. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
    return typeof part === 'bigint' ? part.toString() : part;
  });
}
