import type { Command } from 'commander';
import { formatAttribute } from '../../present/attribute.ts';
import { formatFacts } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { findHolder } from './find-holder.ts';

export function registerObjectShow(object: Command, context: CommandContext): void {
  const command = object
    .command('show')
    .summary('show a managed object with its attributes')
    .description('Shows one managed object with all its attributes, never its key material.')
    .argument('<id>', 'Unique Identifier');
  withExamples(withApiOptions(command), [
    ['claviger object show d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d', 'for people'],
    ['claviger object show d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d --json', 'for programs'],
  ]);
  command.action(async (id: string, options: ApiOptions) => {
    const shown = await withApi(context, options, async (client) => {
      const adapter = await findHolder(client, id);
      const found = await client.readObject(adapter.id, id);
      return { ...found, adapterId: adapter.id };
    });
    await print(
      context,
      options,
      shown,
      (colors) =>
        formatFacts(colors, [
          ['Unique Identifier', shown.id],
          ['Object Type', shown.objectType],
          ['State', shown.state],
          ['Adapter', shown.adapterId],
          ['Created', formatTime(shown.createdAt)],
          ['Changes', String(shown.version - 1)],
          ['Key material', shown.hasMaterial ? 'held, encrypted' : 'none (destroyed)'],
        ]) +
        `\n${colors.bold('Attributes')}\n` +
        formatFacts(
          colors,
          shown.attributes.map((attribute) => [attribute.name, formatAttribute(attribute)]),
          '  ',
        ),
    );
  });
}
