/**
 * Cuts a byte stream into whole messages, wherever the transport cut it.
 *
 * TTLV has no frame of its own: a message is a Structure whose header announces its length. The header is
 * judged byte by byte as it arrives, so that a stream which is no KMIP, or a message over the limit, is
 * refused before its body is kept.
 */

import { TtlvError, type TtlvErrorCode } from './error.ts';
import { ITEM_TYPES } from './item.ts';
import { HEADER_BYTES } from './measure.ts';
import { plainBytes } from './plain-bytes.ts';

export interface FrameReaderOptions {
  /** Size of the largest message accepted, header included. */
  readonly maxMessageBytes: number;
}

export interface FrameReader {
  /**
   * Takes the next bytes of the stream. The chunk is kept by reference until the messages in it have been
   * taken: do not write to it any more.
   *
   * @throws TtlvError as `next` does; afterwards the reader accepts nothing more.
   */
  push(chunk: Uint8Array): void;
  /**
   * The next whole message, header included; undefined until more bytes arrive. A view of the chunk when
   * the message lies in one chunk, otherwise freshly allocated.
   *
   * @throws TtlvError `invalid-tag`, `invalid-type`, `invalid-length` or `message-too-large` (the message
   *   names the announced size) when what follows is no acceptable message; its offset counts from the
   *   start of that message. The same error is thrown from then on.
   */
  next(): Uint8Array | undefined;
  /**
   * Bytes pushed and not yet returned. A caller that takes every message after each push never holds more
   * than `maxMessageBytes` plus one chunk; memory grows with what has arrived, not with what a header
   * announces.
   */
  readonly bufferedBytes: number;
}

/** First buffer of a message that lies in more than one chunk; it doubles as bytes arrive. */
const INITIAL_ASSEMBLY_BYTES = 16 * 1024;

/** Creates a reader for one stream. Total work is linear in the stream, however small its chunks. */
export function createFrameReader(options: FrameReaderOptions): FrameReader {
  return new ChunkFrameReader(options.maxMessageBytes);
}

class ChunkFrameReader implements FrameReader {
  readonly #maxMessageBytes: number;
  /** Chunks not yet used up, from `#chunkIndex` on; only the first can be partly used. */
  #chunks: Uint8Array[] = [];
  #chunkIndex = 0;
  #chunkOffset = 0;
  #queuedBytes = 0;
  /** The beginning of a message whose rest has not arrived. */
  #assembly: Uint8Array = new Uint8Array(0);
  #assembled = 0;
  /** Size of the message being assembled, once its header is complete. */
  #assemblySize: number | undefined;
  #ready: Uint8Array | undefined;
  #failure: TtlvError | undefined;

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  get bufferedBytes(): number {
    return this.#queuedBytes + this.#assembled + (this.#ready?.length ?? 0);
  }

  push(chunk: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (chunk.length === 0) return;
    this.#chunks.push(plainBytes(chunk));
    this.#queuedBytes += chunk.length;
    this.#advance();
  }

  next(): Uint8Array | undefined {
    this.#advance();
    const frame = this.#ready;
    this.#ready = undefined;
    return frame;
  }

  /** Makes the next message ready, or moves what there is of it out of the queue. */
  #advance(): void {
    if (this.#failure !== undefined) throw this.#failure;
    while (this.#ready === undefined) {
      const chunk = this.#chunks[this.#chunkIndex];
      if (chunk === undefined) return;
      const rest = chunk.subarray(this.#chunkOffset);
      if (this.#assembled === 0) {
        const size = this.#frameSize(rest, rest.length);
        if (size !== undefined && size <= rest.length) {
          this.#ready = rest.subarray(0, size);
          this.#consume(chunk, size);
          return;
        }
      }
      this.#assemble(chunk, rest);
    }
  }

  /** Moves bytes of the current chunk into the assembly: first up to a header, then up to the message. */
  #assemble(chunk: Uint8Array, rest: Uint8Array): void {
    const wanted = this.#assemblySize ?? HEADER_BYTES;
    const part = rest.subarray(0, wanted - this.#assembled);
    this.#reserve(this.#assembled + part.length, wanted);
    this.#assembly.set(part, this.#assembled);
    this.#assembled += part.length;
    this.#consume(chunk, part.length);
    this.#assemblySize ??= this.#frameSize(this.#assembly, this.#assembled);
    if (this.#assemblySize === this.#assembled) {
      this.#ready = this.#assembly;
      this.#dropAssembly();
    }
  }

  /** Room for `needed` bytes, growing in doubles and never beyond the message's own size. */
  #reserve(needed: number, wanted: number): void {
    if (this.#assembly.length >= needed) return;
    const doubled = Math.max(needed, 2 * this.#assembly.length, INITIAL_ASSEMBLY_BYTES);
    const grown = new Uint8Array(Math.min(doubled, wanted));
    grown.set(this.#assembly.subarray(0, this.#assembled));
    this.#assembly = grown;
  }

  #consume(chunk: Uint8Array, count: number): void {
    this.#queuedBytes -= count;
    this.#chunkOffset += count;
    if (this.#chunkOffset < chunk.length) return;
    this.#chunkOffset = 0;
    this.#chunkIndex++;
    // Drops used chunks in bulk, so that each one costs constant time however long the queue is.
    if (2 * this.#chunkIndex >= this.#chunks.length) {
      this.#chunks.splice(0, this.#chunkIndex);
      this.#chunkIndex = 0;
    }
  }

  /** Judges the first `available` bytes of a message; its size once the header is complete. */
  #frameSize(bytes: Uint8Array, available: number): number | undefined {
    const first = bytes[0];
    if (available >= 1 && first !== 0x42 && first !== 0x54) {
      this.#fail('invalid-tag', 'A message starts with the byte 0x42 or 0x54', 0);
    }
    if (available >= 4 && bytes[3] !== ITEM_TYPES.Structure) {
      this.#fail('invalid-type', 'A message is a Structure, type 0x01', 3);
    }
    if (available < HEADER_BYTES) return undefined;
    const length = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES).getUint32(4);
    const size = HEADER_BYTES + length;
    if (size > this.#maxMessageBytes) {
      const message = `A message of ${size} bytes exceeds the limit of ${this.#maxMessageBytes}`;
      this.#fail('message-too-large', message, 4);
    }
    if (length % 8 !== 0) {
      this.#fail('invalid-length', 'The length of a message is a multiple of 8', 4);
    }
    return size;
  }

  #fail(code: TtlvErrorCode, message: string, offset: number): never {
    this.#failure = new TtlvError(code, message, offset, '');
    this.#chunks = [];
    this.#chunkIndex = 0;
    this.#chunkOffset = 0;
    this.#queuedBytes = 0;
    this.#dropAssembly();
    throw this.#failure;
  }

  #dropAssembly(): void {
    this.#assembly = new Uint8Array(0);
    this.#assembled = 0;
    this.#assemblySize = undefined;
  }
}
