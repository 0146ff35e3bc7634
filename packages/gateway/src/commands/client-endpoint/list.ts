import type { Command } from 'commander';
import { formatTable } from '../../present/table.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { ofAdapters } from '../of-adapters.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

interface ListOptions extends ApiOptions {
  readonly adapter?: string;
}

export function registerClientEndpointList(endpoint: Command, context: CommandContext): void {
  const command = endpoint
    .command('list')
    .summary('list the clients that the gateway connects to')
    .description('Lists the clients that the settings name, by adapter.')
    .option('--adapter <adapter>', 'only those of this adapter (id or name)');
  withExamples(withApiOptions(command), [['claviger client-endpoint list', 'of all adapters']]);
  command.action(async (options: ListOptions) => {
    const listed = await withApi(context, options, (client) =>
      ofAdapters(client, options.adapter, (id) => client.listClientEndpoints(id)),
    );
    const json = listed.map(({ adapterName: _, ...one }) => one);
    await print(context, options, json, (colors) =>
      formatTable(
        colors,
        ['ADDRESS', 'ADAPTER', 'VERSION', 'NOTIFY', 'PUT NEW OBJECTS'],
        listed.map((one) => [
          one.address,
          one.adapterName,
          one.version ?? 'of the request',
          one.notifies,
          one.putsNewObjects ? 'yes' : 'no',
        ]),
      ),
    );
  });
}
