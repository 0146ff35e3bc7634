import type { Command } from 'commander';
import { formatTable } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerAdapterList(adapter: Command, context: CommandContext): void {
  const command = adapter
    .command('list')
    .summary('list adapters')
    .description('Lists all adapters.');
  withExamples(withApiOptions(command), [
    ['claviger adapter list', 'a table'],
    ['claviger adapter list --json', 'one list of JSON objects'],
    [
      'claviger adapter list --url https://kmip.example:8443 --api-key-file key --ca-file ca.crt',
      'of a gateway elsewhere',
    ],
  ]);
  command.action(async (options: ApiOptions) => {
    const adapters = await withApi(context, options, (client) => client.listAdapters());
    await print(context, options, adapters, (colors) =>
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
