import type { Command } from 'commander';
import { formatFacts } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { getRootKey } from './find-root-key.ts';

export function registerKeyShow(key: Command, context: CommandContext): void {
  const command = key
    .command('show')
    .summary('show a root key')
    .description('Shows what is known of a root key, and the adapters over it; never its material.')
    .argument('<key>', 'id, alias or name');
  withExamples(withApiOptions(command), [['claviger key show default', 'by its name']]);
  command.action(async (which: string, options: ApiOptions) => {
    const shown = await withApi(context, options, async (client) => {
      const found = await getRootKey(client, which);
      const adapters = await client.listAdapters();
      const over = adapters.filter(({ rootKeyId }) => rootKeyId === found.id);
      return { ...found, adapters: over.map(({ name }) => name) };
    });
    await print(context, options, shown, (colors) =>
      formatFacts(colors, [
        ['Name', shown.name],
        ['Id', shown.id],
        ['Aliases', shown.aliases.join(', ') || '-'],
        ['Description', shown.description ?? '-'],
        ['State', shown.state],
        ['Material', shown.imported === true ? 'imported' : 'made here'],
        ['Created', shown.createdAt === null ? '-' : formatTime(shown.createdAt)],
        ['Created by', shown.createdBy ?? '-'],
        ['Rotated', shown.rotatedAt === null ? 'never' : formatTime(shown.rotatedAt)],
        ['Adapters', shown.adapters.join(', ') || 'none'],
      ]),
    );
  });
}
