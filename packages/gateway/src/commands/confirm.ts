/** Asking people: whether they mean it, and for passwords. */

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Failure } from '../failure.ts';
import { write, writeLine } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';
import type { OutputOptions } from './options.ts';

export interface ConfirmOptions extends OutputOptions {
  readonly yes?: boolean;
}

export const YES_OPTION = ['--yes', 'do not ask'] as const;

/**
 * Asks before something is lost.
 *
 * @param loss - What will be, as a sentence.
 * @throws Failure `refused` when the answer is not yes, or when nobody can be asked and `--yes` is missing.
 */
export async function confirm(
  context: CommandContext,
  { yes, json }: ConfirmOptions,
  loss: string,
): Promise<void> {
  if (yes === true) return;
  if (json === true || !hasTerminal(context)) {
    throw new Failure('refused', `${loss} Nobody can be asked here: say --yes if you mean it.`);
  }
  const { err } = context.terminal;
  await write(err, `${err.colors.yellow(loss)}\nType yes to go on: `);
  const [answer] = await readLines(context, 1);
  if (answer?.trim() !== 'yes') throw new Failure('refused', 'Nothing was done.');
}

/**
 * Asks for a new password, twice, without showing it.
 *
 * @param forWhat - As in `the PKCS#12 file`.
 * @throws Failure `usage` when nobody can be asked, or the two differ.
 */
export async function askPassword(context: CommandContext, forWhat: string): Promise<string> {
  if (!hasTerminal(context)) {
    throw new Failure(
      'usage',
      `A password for ${forWhat} is needed and nobody can be asked here: name a file with --password-file.`,
    );
  }
  const { err } = context.terminal;
  await write(err, `Password for ${forWhat}, then the same once more (it is not shown): `);
  const [password, again] = await readLines(context, 2);
  await writeLine(err);
  if (password !== undefined && password === again) return password;
  throw new Failure('usage', 'The two passwords differ; nothing was done.');
}

function hasTerminal({ terminal: { input } }: CommandContext): boolean {
  return 'isTTY' in input && input.isTTY === true;
}

/** Lines as they are typed, not echoed. */
async function readLines(
  { terminal: { input } }: CommandContext,
  count: number,
): Promise<readonly string[]> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: nowhere, terminal: true });
  const lines: string[] = [];
  try {
    for await (const line of reader) {
      lines.push(line);
      if (lines.length === count) break;
    }
  } finally {
    reader.close();
  }
  return lines;
}
