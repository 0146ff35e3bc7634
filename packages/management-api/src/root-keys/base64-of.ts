/** Base64 of secret bytes, which stay where they are: `Buffer.from(bytes)` would leave a copy that nobody wipes. */
export function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
