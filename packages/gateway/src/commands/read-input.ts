import { createReadStream } from 'node:fs';
import { Failure } from '../failure.ts';
import type { CommandContext } from './command-context.ts';

/**
 * Reads a whole file, or standard input for `-`.
 *
 * @throws Failure `data` when it cannot be read or has more than `maxBytes`.
 */
export async function readInput(
  { terminal }: CommandContext,
  file: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const name = file === '-' ? 'Standard input' : file;
  const stream = file === '-' ? terminal.input : createReadStream(file);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes);
      length += bytes.length;
      if (length > maxBytes) {
        throw new Failure(
          'data',
          `${name} has more than ${maxBytes} bytes, which is the most that is read.`,
        );
      }
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new Failure('data', `${name} cannot be read (${code}).`, { cause });
  }
  return Buffer.concat(chunks);
}
