import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type ConnectionOptions, withClient, withConnectionOptions } from './connection.ts';

export function registerKmipActivate(kmip: Command, context: CommandContext): void {
  const command = kmip
    .command('activate')
    .summary('make a key Active')
    .description('Makes a Pre-Active object Active.')
    .argument('<id>', 'Unique Identifier');
  withExamples(withConnectionOptions(command), [
    ['claviger kmip activate d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d', 'a key that was created'],
  ]);
  command.action(async (uniqueIdentifier: string, options: ConnectionOptions) => {
    await withClient(context, options, (client) => client.activate(uniqueIdentifier));
    await print(context, options, { uniqueIdentifier }, () => `Activated ${uniqueIdentifier}.\n`);
  });
}
