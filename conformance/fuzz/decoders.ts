/** The decoders in this process: whatever comes in, an item or a `TtlvError` comes out. */

import { createKmipNames } from '@claviger/kmip-protocol';
import {
  createFrameReader,
  DEFAULT_LIMITS,
  decodeTtlv,
  encodeTtlv,
  TtlvError,
  type TtlvItem,
} from '@claviger/ttlv-codec';
import { decodeJsonText, encodeJsonText } from '@claviger/ttlv-codec/json';
import { decodeXml, encodeXml } from '@claviger/ttlv-codec/xml';
import type { Random } from '../seeded-random.ts';
import { hexOf, type Tally } from './finding.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateText } from './mutate-text.ts';

const { maxMessageBytes } = DEFAULT_LIMITS;
const MOST_CHUNKS = 4;
/** Of inputs a few kilobytes long; far above what they take, and far below what grows quadratically. */
const MOST_MS = 10_000;

export interface DecoderFuzzer {
  /** Tries one damaged message with each decoder. */
  step(): void;
}

export function createDecoderFuzzer(
  seeds: readonly TtlvItem[],
  random: Random,
  tally: Tally,
): DecoderFuzzer {
  const names = createKmipNames();
  const binaries = seeds.map((item) => encodeTtlv(item));
  const xmls = seeds.flatMap((item) => expressed(() => encodeXml(item, names)));
  const jsons = seeds.flatMap((item) => expressed(() => encodeJsonText(item, names)));

  function attempt(target: string, input: string | Uint8Array, decode: () => void): void {
    tally.begin(target, input);
    const started = performance.now();
    const problem = problemOf(decode);
    const milliseconds = performance.now() - started;
    const shown = typeof input === 'string' ? input : hexOf(input);
    if (problem !== 'item' && !isErrorCode(problem)) {
      tally.find({ target, problem, input: shown });
    } else if (milliseconds > MOST_MS) {
      tally.find({ target, problem: `It took ${Math.round(milliseconds)} ms.`, input: shown });
    } else {
      tally.count(target, problem, milliseconds);
    }
  }

  return {
    step() {
      const bytes = mutateBytes(random.pick(binaries), random.pick(binaries), random);
      attempt('ttlv', bytes, () => roundTrip(decodeTtlv(bytes)));
      attempt('frame', bytes, () => readFrames(bytes, random));
      const xml = mutateText(random.pick(xmls), random.pick(xmls), random);
      attempt('xml', xml, () => roundTrip(decodeXml(xml, names)));
      const json = mutateText(random.pick(jsons), random.pick(jsons), random);
      attempt('json', json, () => roundTrip(decodeJsonText(json, names)));
    },
  };
}

/** None for an item that the encoding has no words for, such as text with characters that XML forbids. */
function expressed(encode: () => string): readonly string[] {
  try {
    return [encode()];
  } catch (error) {
    if (error instanceof TtlvError) return [];
    throw error;
  }
}

function problemOf(decode: () => void): string {
  try {
    decode();
    return 'item';
  } catch (error) {
    if (error instanceof TtlvError) return error.code;
    return `It threw ${error instanceof Error ? `${error.name}: ${error.message}` : 'no error'}.`;
  }
}

/** Codes are words with hyphens, and no sentence. */
function isErrorCode(problem: string): boolean {
  return /^[a-z-]+$/.test(problem);
}

/** What was decoded can be encoded, and decodes to the same bytes again. */
function roundTrip(item: TtlvItem): void {
  const bytes = encodeTtlv(item);
  const limits = { maxMessageBytes: bytes.length };
  if (!Buffer.from(encodeTtlv(decodeTtlv(bytes, limits))).equals(bytes)) {
    throw new Error('What was decoded does not come back.');
  }
}

function readFrames(bytes: Uint8Array, random: Random): void {
  const reader = createFrameReader({ maxMessageBytes });
  const chunk = Math.max(1, Math.ceil(bytes.length / random.integer(1, MOST_CHUNKS)));
  let taken = 0;
  for (let at = 0; at < bytes.length; at += chunk) {
    reader.push(bytes.slice(at, at + chunk));
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
      taken += frame.length;
    }
  }
  if (taken > bytes.length) throw new Error('More came out than went in.');
}
