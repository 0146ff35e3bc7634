import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type ConnectionOptions, withClient, withConnectionOptions } from './connection.ts';

export function registerKmipDestroy(kmip: Command, context: CommandContext): void {
  const command = kmip
    .command('destroy')
    .summary('destroy the material of a key')
    .description(
      'Destroys the material of an object for good. An Active object is refused: revoke it first.',
    )
    .argument('<id>', 'Unique Identifier');
  withExamples(withConnectionOptions(command), [
    ['claviger kmip destroy d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d', 'after revoking it'],
  ]);
  command.action(async (uniqueIdentifier: string, options: ConnectionOptions) => {
    await withClient(context, options, (client) => client.destroy(uniqueIdentifier));
    await print(context, options, { uniqueIdentifier }, () => `Destroyed ${uniqueIdentifier}.\n`);
  });
}
