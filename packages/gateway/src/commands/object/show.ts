import { attributeText } from '@claviger/kmip-protocol';
import type { Command } from 'commander';
import { readObject } from '../../administration/objects.ts';
import { formatAttribute } from '../../present/attribute.ts';
import { toJsonObject } from '../../present/records.ts';
import { formatFacts } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerObjectShow(object: Command, context: CommandContext): void {
  const command = object
    .command('show')
    .summary('show a managed object with its attributes')
    .description('Shows one managed object with all its attributes, never its key material.')
    .argument('<id>', 'Unique Identifier');
  withExamples(withDataOptions(command), [
    ['claviger object show d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d', 'for people'],
    ['claviger object show d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d --json', 'for programs'],
  ]);
  command.action(async (id: string, options: DataOptions) => {
    const view = await withInstallation(context, options, (installation) =>
      readObject(installation, administratorOf(context, 'object show'), id),
    );
    await print(
      context,
      options,
      toJsonObject(view),
      (colors) =>
        formatFacts(colors, [
          ['Unique Identifier', view.id],
          ['Object Type', view.objectType],
          ['State', view.state],
          ['Adapter', view.adapterId],
          ['Created', formatTime(view.createdAt)],
          ['Changes', String(view.version - 1)],
          ['Key material', view.hasMaterial ? 'held, encrypted' : 'none (destroyed)'],
        ]) +
        `\n${colors.bold('Attributes')}\n` +
        formatFacts(
          colors,
          view.attributes.map((attribute) => [
            attributeText(attribute),
            formatAttribute(attribute),
          ]),
          '  ',
        ),
    );
  });
}
