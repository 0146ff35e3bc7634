import type { Command } from 'commander';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

export interface NewKeyOptions extends ApiOptions {
  readonly description?: string;
  readonly alias: readonly string[];
}

export function registerKeyCreate(key: Command, context: CommandContext): void {
  const command = withNewKeyOptions(
    key
      .command('create')
      .summary('make a root key')
      .description('Makes a root key of 256 bits. Its material is never shown.')
      .argument('<name>', 'what people call it'),
  );
  withExamples(withApiOptions(command), [
    ['claviger key create tenant-a', 'for the adapters of one tenant'],
    ['claviger key create tenant-a --alias tenant-a-root', 'with an alias, which is unique'],
  ]);
  command.action(async (name: string, options: NewKeyOptions) => {
    const { description, alias } = options;
    const made = await withApi(context, options, (client) =>
      client.createKey({ name, description, aliases: alias }),
    );
    await print(
      context,
      options,
      made,
      ({ bold }) => `Made root key ${bold(made.name)} (${made.id}).\n`,
    );
  });
}

/** What a root key may be given when it is made or brought along. */
export function withNewKeyOptions(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option(
      '--alias <alias>',
      'another unique name, at most five',
      (alias: string, given: readonly string[]) => [...given, alias],
      [],
    );
}
