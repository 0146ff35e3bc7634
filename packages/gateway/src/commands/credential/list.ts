import type { Command } from 'commander';
import { formatTable } from '../../present/table.ts';
import { formatDay } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { ofAdapters } from '../of-adapters.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

interface ListOptions extends ApiOptions {
  readonly adapter?: string;
}

export function registerCredentialList(credential: Command, context: CommandContext): void {
  const command = credential
    .command('list')
    .summary('list users and devices')
    .description('Lists users and devices of adapters, without their secrets.')
    .option('--adapter <adapter>', 'only those of this adapter (id or name)');
  withExamples(withApiOptions(command), [['claviger credential list', 'of all adapters']]);
  command.action(async (options: ListOptions) => {
    const listed = await withApi(context, options, (client) =>
      ofAdapters(client, options.adapter, (id) => client.listCredentials(id)),
    );
    const json = listed.map(({ adapterName: _, oneTimeSecret: _secret, ...one }) => one);
    await print(context, options, json, (colors) =>
      formatTable(
        colors,
        ['NAME', 'ADAPTER', 'KIND', 'SHOWS', 'SINCE', 'ID'],
        listed.map((one) => [
          one.name,
          one.adapterName,
          one.kind,
          one.identity,
          formatDay(one.createdAt),
          one.id,
        ]),
      ),
    );
  });
}
