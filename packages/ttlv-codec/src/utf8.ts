/**
 * UTF-8 of Text Strings. Strict both ways: malformed bytes are refused rather than replaced, a byte
 * order mark is a character like any other, and a lone surrogate has no encoding.
 */

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Up to this length plain code beats the call into the decoder (see ttlv.bench.ts). */
const SHORT = 24;

/** The text of `bytes[start, end)`, or undefined when they are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start <= SHORT) {
    let text = '';
    let index = start;
    for (; index < end; index++) {
      const byte = bytes[index] ?? 0;
      if (byte >= 0x80) break;
      text += String.fromCharCode(byte);
    }
    if (index === end) return text;
  }
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    return undefined; // the decoder says only that it failed, never where
  }
}

/** Bytes of `text` in UTF-8, or -1 when it holds a lone surrogate. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      length += 1;
    } else if (unit < 0xd800 || unit > 0xdfff) {
      length += 2;
    } else {
      const next = text.charCodeAt(index + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return -1;
      length += 2; // two code units become four bytes
      index++;
    }
  }
  return length;
}

/** Writes `text`, whose {@link utf8Length} is `length`, at `offset`. */
export function writeUtf8(text: string, length: number, bytes: Uint8Array, offset: number): void {
  if (length !== text.length || length > SHORT) {
    encoder.encodeInto(text, bytes.subarray(offset, offset + length));
    return;
  }
  for (let index = 0; index < length; index++) bytes[offset + index] = text.charCodeAt(index);
}
