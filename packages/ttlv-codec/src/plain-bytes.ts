/**
 * The same memory as a plain Uint8Array. A Buffer given to a decoder would otherwise live on in its
 * views, and a Buffer's methods differ from those of the type it claims to be.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
