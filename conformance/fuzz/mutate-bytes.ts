/** Damage done to bytes that were a TTLV message. */

import type { Random } from '../seeded-random.ts';

const HEADER_BYTES = 8;
const LENGTHS = [0, 1, 7, 8, 16, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] as const;

/** One to four damages. @param other - Another message, for splices. */
export function mutateBytes(message: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let mutated: Uint8Array = message.slice();
  for (let damages = random.integer(1, 4); damages > 0; damages--) {
    mutated = damage(mutated, other, random);
  }
  return mutated;
}

function damage(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  if (bytes.length < HEADER_BYTES) return random.bytes(random.integer(0, 64));
  const at = random.integer(0, bytes.length - 1);
  // Most headers lie at multiples of eight bytes.
  const header = Math.floor(random.integer(0, bytes.length - HEADER_BYTES) / 8) * 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (random.integer(0, 7)) {
    case 0:
      view.setUint8(at, view.getUint8(at) ^ (1 << random.integer(0, 7)));
      return bytes;
    case 1:
      view.setUint8(at, random.integer(0, 255));
      return bytes;
    case 2:
      view.setUint32(header + 4, random.pick(LENGTHS));
      return bytes;
    case 3:
      view.setUint32(header + 4, Math.max(0, view.getUint32(header + 4) + random.integer(-16, 16)));
      return bytes;
    case 4:
      view.setUint8(header + 3, random.integer(0, 15));
      return bytes;
    case 5:
      return withTrueLength(bytes.slice(0, at), random);
    case 6: {
      const cut = Math.floor(random.integer(0, other.length) / 8) * 8;
      return withTrueLength(joined(bytes.subarray(0, header), other.subarray(cut)), random);
    }
    default:
      return withTrueLength(
        joined(bytes.subarray(0, at), random.bytes(8), bytes.subarray(at)),
        random,
      );
  }
}

/** Mostly tells the outer length as it has become, so that more than the frame is tried. */
function withTrueLength(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length >= HEADER_BYTES && random.integer(0, 3) > 0) {
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(4, bytes.length - HEADER_BYTES);
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
