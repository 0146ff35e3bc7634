import type { Command } from 'commander';
import { daysLeft, expiryCell } from '../../../present/expiry.ts';
import { formatTable } from '../../../present/table.ts';
import { formatDay } from '../../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../../api-options.ts';
import type { CommandContext } from '../../command-context.ts';
import { ofAdapters } from '../../of-adapters.ts';
import { withExamples } from '../../options.ts';
import { print } from '../../print.ts';

interface ListOptions extends ApiOptions {
  readonly adapter?: string;
}

export function registerAuthorityList(authority: Command, context: CommandContext): void {
  const command = authority
    .command('list')
    .summary('list authorities of clients')
    .description('Lists the authorities whose certificates are clients, and when they end.')
    .option('--adapter <adapter>', 'only those of this adapter (id or name)');
  withExamples(withApiOptions(command), [['claviger cert authority list', 'of all adapters']]);
  command.action(async (options: ListOptions) => {
    const listed = await withApi(context, options, (client) =>
      ofAdapters(client, options.adapter, (id) => client.listAuthorities(id)),
    );
    const now = context.ambient.clock.now();
    const json = listed.map(({ adapterName: _, ...one }) => ({
      ...one,
      daysLeft: daysLeft(one.notAfter, now),
    }));
    await print(context, options, json, (colors) =>
      formatTable(
        colors,
        ['NAME', 'ADAPTER', 'VALID UNTIL', 'ENDS', 'CLIENTS', 'SUBJECT', 'ID'],
        listed.map((one) => [
          one.name,
          one.adapterName,
          formatDay(one.notAfter),
          expiryCell(colors, daysLeft(one.notAfter, now)),
          one.subjectRule ?? 'all',
          one.subject,
          one.id,
        ]),
      ),
    );
  });
}
