/**
 * The input that is being tried, where another thread can read it (`watchdog.mjs`): one that never lets go of
 * its thread could be told of by nobody else.
 */

import { hexOf } from './finding.ts';

export interface CurrentInput {
  /** What the other thread is given: the number of the input, how many bytes follow, and those as text. */
  readonly memory: SharedArrayBuffer;
  /** Empty when there is none. */
  readonly text: string;
  /** Notes that this input is tried from now on; bytes are told in hexadecimal. */
  begin(target: string, input: string | Uint8Array): void;
  /** Nothing is tried any more. */
  end(): void;
}

const HEADER_BYTES = 2 * Int32Array.BYTES_PER_ELEMENT;
/** Longer ones are cut for the other thread; mutators make hardly any. */
const MOST_BYTES = 2 * 1024 * 1024;

export function createCurrentInput(): CurrentInput {
  const memory = new SharedArrayBuffer(HEADER_BYTES + MOST_BYTES);
  const header = new Int32Array(memory, 0, 2);
  const bytes = Buffer.from(memory, HEADER_BYTES);
  let number = 0;
  let text = '';
  return {
    memory,
    get text() {
      return text;
    },
    begin(target, input) {
      text = typeof input === 'string' ? input : hexOf(input);
      number = (number % 0x7fff_ffff) + 1;
      Atomics.store(header, 0, 0);
      Atomics.store(header, 1, bytes.write(`${target} ${text}`));
      Atomics.store(header, 0, number);
    },
    end() {
      text = '';
      Atomics.store(header, 0, 0);
    },
  };
}
