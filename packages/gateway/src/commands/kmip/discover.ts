import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type ConnectionOptions, withClient, withConnectionOptions } from './connection.ts';

export function registerKmipDiscover(kmip: Command, context: CommandContext): void {
  const command = kmip
    .command('discover')
    .summary('ask which versions of KMIP a server speaks')
    .description('Prints the protocol versions of a server, in its order of preference.');
  withExamples(withConnectionOptions(command), [
    ['claviger kmip discover', 'the gateway on this machine'],
    ['claviger kmip discover --server kmip.example.com:5696', 'another server'],
  ]);
  command.action(async (options: ConnectionOptions) => {
    const versions = await withClient(context, options, (client) => client.discoverVersions());
    await print(context, options, { versions }, () => `${versions.join('\n')}\n`);
  });
}
