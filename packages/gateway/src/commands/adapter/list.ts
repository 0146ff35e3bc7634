import type { Command } from 'commander';
import { listAdapters } from '../../administration/adapters.ts';
import { toJsonAdapter } from '../../present/records.ts';
import { formatTable } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerAdapterList(adapter: Command, context: CommandContext): void {
  const command = adapter
    .command('list')
    .summary('list adapters')
    .description('Lists all adapters.');
  withExamples(withDataOptions(command), [
    ['claviger adapter list', 'a table'],
    ['claviger adapter list --json', 'one list of JSON objects'],
  ]);
  command.action(async (options: DataOptions) => {
    const adapters = await withInstallation(context, options, (installation) =>
      listAdapters(installation, administratorOf(context, 'adapter list')),
    );
    await print(context, options, adapters.map(toJsonAdapter), (colors) =>
      formatTable(
        colors,
        ['NAME', 'ID', 'CREATED', 'DESCRIPTION'],
        adapters.map(({ name, id, createdAt, description }) => [
          name,
          id,
          formatTime(createdAt),
          description ?? '',
        ]),
      ),
    );
  });
}
