import type { CommandContext } from './commands/command-context.ts';
import { describeFailure } from './describe-failure.ts';
import { EXIT_CODES } from './exit-code.ts';
import { jsonText } from './present/json-text.ts';
import { createProgram } from './program.ts';
import { writeLine } from './terminal.ts';

/**
 * Runs one command to its end.
 *
 * @param args - What follows the name of the program.
 * @returns the exit code.
 */
export async function runCommand(
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' });
    return EXIT_CODES.success.code;
  } catch (error) {
    const { reason, message, code } = describeFailure(error);
    if (message !== '') await report(args, context, { reason, message, code }, error);
    return EXIT_CODES[reason].code;
  }
}

async function report(
  args: readonly string[],
  { terminal: { err } }: CommandContext,
  failure: { readonly reason: string; readonly message: string; readonly code: string | undefined },
  error: unknown,
): Promise<void> {
  if (args.includes('--json')) {
    await writeLine(err, jsonText({ error: failure }));
  } else {
    const label = err.colors.red('error:');
    for (const line of failure.message.split('\n')) await writeLine(err, `${label} ${line}`);
  }
  if (args.includes('--verbose') && error instanceof Error) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      await writeLine(err, err.colors.dim(at.stack ?? at.message));
    }
  }
}
