import type { Command } from 'commander';
import { deleteAdapter } from '../../administration/adapters.ts';
import { toJsonAdapter } from '../../present/records.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerAdapterDelete(adapter: Command, context: CommandContext): void {
  const command = adapter
    .command('delete')
    .summary('delete an empty adapter')
    .description('Deletes an adapter. One that has certificates or objects is refused.')
    .argument('<adapter>', 'id or name');
  withExamples(withDataOptions(command), [
    ['claviger adapter delete vcenter-berlin', 'by its name'],
  ]);
  command.action(async (which: string, options: DataOptions) => {
    const deleted = await withInstallation(context, options, (installation) =>
      deleteAdapter(installation, administratorOf(context, 'adapter delete'), which),
    );
    await print(
      context,
      options,
      toJsonAdapter(deleted),
      ({ bold }) => `Deleted adapter ${bold(deleted.name)} (${deleted.id}).\n`,
    );
  });
}
