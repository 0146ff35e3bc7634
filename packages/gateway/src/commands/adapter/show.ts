import type { Command } from 'commander';
import { formatFacts } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerAdapterShow(adapter: Command, context: CommandContext): void {
  const command = adapter
    .command('show')
    .summary('show an adapter and the root key over it')
    .description('Shows one adapter, the root key that its keys depend on, and who may use it.')
    .argument('<adapter>', 'id or name');
  withExamples(withApiOptions(command), [['claviger adapter show vcenter', 'by its name']]);
  command.action(async (which: string, options: ApiOptions) => {
    const shown = await withApi(context, options, async (client) => {
      const found = await client.readAdapter(which);
      return {
        ...found,
        rootKey: await client.readKey(found.rootKeyId),
        certificates: (await client.listCertificates(found.id)).map(({ name }) => name),
        authorities: (await client.listAuthorities(found.id)).map(({ name }) => name),
      };
    });
    const { rootKey, certificates, authorities } = shown;
    await print(context, options, shown, (colors) =>
      formatFacts(colors, [
        ['Name', shown.name],
        ['Id', shown.id],
        ['Description', shown.description ?? '-'],
        ['Created', formatTime(shown.createdAt)],
        ['Root key', `${rootKey.name} (${rootKey.id}), ${rootKey.state}`],
        ['Certificates', certificates.join(', ') || 'none'],
        ['Authorities', authorities.join(', ') || 'none'],
      ]),
    );
  });
}
