import { createKmipNames } from '@claviger/kmip-protocol';
import { decodeTtlv, describeTtlv, redactKeyMaterial, TtlvError } from '@claviger/ttlv-codec';
import { encodeJson } from '@claviger/ttlv-codec/json';
import type { Command } from 'commander';
import { Failure } from '../failure.ts';
import { write, writeLine } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';
import { type OutputOptions, withExamples, withOutputOptions } from './options.ts';
import { readInput } from './read-input.ts';

interface DecodeOptions extends OutputOptions {
  readonly showKeys?: boolean;
}

const MAX_INPUT_BYTES = 4 * 1024 * 1024;

export function registerDecode(program: Command, context: CommandContext): void {
  const command = program
    .command('decode')
    .summary('show what a KMIP message says')
    .description(
      'Shows the items of a TTLV message, binary or as hexadecimal digits, also of one that is broken. ' +
        'Byte strings are hidden, since they may be keys.',
    )
    .argument('[file]', 'the message; - reads standard input', '-')
    .option('--show-keys', 'show byte strings as well');
  withExamples(withOutputOptions(command), [
    ['claviger decode request.bin', 'a file'],
    ['echo 42007801000000... | claviger decode', 'digits from standard input'],
    ['claviger decode request.bin --json --show-keys', "in KMIP's JSON encoding"],
  ]);
  command.action((file: string, options: DecodeOptions) => decode(context, file, options));
}

async function decode(
  context: CommandContext,
  file: string,
  { json, showKeys }: DecodeOptions,
): Promise<void> {
  const bytes = fromDigits(await readInput(context, file, MAX_INPUT_BYTES));
  const names = createKmipNames();
  const limits = { maxMessageBytes: MAX_INPUT_BYTES };
  const { out } = context.terminal;
  if (json !== true) {
    const redact = showKeys === true ? () => false : redactKeyMaterial;
    return await write(out, describeTtlv(bytes, names, { redact, limits }));
  }
  if (showKeys !== true) {
    throw new Failure('usage', 'JSON holds the whole message: say --show-keys as well.');
  }
  try {
    await writeLine(out, JSON.stringify(encodeJson(decodeTtlv(bytes, limits), names)));
  } catch (cause) {
    if (!(cause instanceof TtlvError)) throw cause;
    throw new Failure('failure', `This is no TTLV: ${cause.message}`, { cause });
  }
}

/** Binary TTLV is never all digits: its length has a zero byte, as long as messages are below 16 MiB. */
function fromDigits(input: Uint8Array): Uint8Array {
  const text = Buffer.from(input).toString('latin1').replaceAll(/\s+/g, '');
  const isDigits = text.length > 0 && text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text);
  return isDigits ? Buffer.from(text, 'hex') : input;
}
