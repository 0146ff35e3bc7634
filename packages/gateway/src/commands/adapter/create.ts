import type { Command } from 'commander';
import { createAdapter } from '../../administration/adapters.ts';
import { toJsonAdapter } from '../../present/records.ts';
import { administratorOf, withKeyedInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface CreateOptions extends DataOptions {
  readonly description?: string;
  readonly rootKey: string;
}

export function registerAdapterCreate(adapter: Command, context: CommandContext): void {
  const command = adapter
    .command('create')
    .summary('create an adapter')
    .description('Creates an adapter with a key of its own, which a root key wraps.')
    .argument('<name>', 'unique name, e.g. of the vCenter that will use it')
    .option('--description <text>', 'what it is for')
    .option('--root-key <name>', 'root key; made when there is none of this name', 'default');
  withExamples(withDataOptions(command), [
    ['claviger adapter create vcenter-berlin', 'under the root key `default`'],
    ['claviger adapter create tenant-a --root-key tenant-a', 'with a root key of its own'],
  ]);
  command.action(async (name: string, options: CreateOptions) => {
    const adapter = await withKeyedInstallation(context, options, (installation) =>
      createAdapter(installation, administratorOf(context, 'adapter create'), {
        name,
        description: options.description,
        rootKeyName: options.rootKey,
      }),
    );
    await print(
      context,
      options,
      toJsonAdapter(adapter),
      ({ bold, cyan }) =>
        `Created adapter ${bold(adapter.name)} (${adapter.id}).\n` +
        `Let a client in with ${cyan(`claviger cert add ${JSON.stringify(adapter.name)} CERTIFICATE.pem`)}\n`,
    );
  });
}
