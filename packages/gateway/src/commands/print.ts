import { jsonText } from '../present/json-text.ts';
import { type Colors, write, writeLine } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';
import type { OutputOptions } from './options.ts';

/** Prints a result: one line of JSON for programs, or what people read. */
export async function print(
  { terminal: { out } }: CommandContext,
  { json }: OutputOptions,
  value: unknown,
  text: (colors: Colors) => string,
): Promise<void> {
  if (json === true) await writeLine(out, jsonText(value));
  else await write(out, text(out.colors));
}
