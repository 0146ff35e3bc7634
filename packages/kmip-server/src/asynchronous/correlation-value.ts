/** Asynchronous Correlation Values (1.4 §6.8): the bytes of the id of a queued request. */

const BYTES = 16;

export function toCorrelationValue(id: string): Uint8Array {
  return Uint8Array.from(Buffer.from(id.replaceAll('-', ''), 'hex'));
}

/** @returns undefined for bytes that are none of ours. */
export function fromCorrelationValue(value: Uint8Array): string | undefined {
  if (value.byteLength !== BYTES) return undefined;
  const hex = Buffer.from(value).toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...groups, hex.slice(20)].join('-');
}
