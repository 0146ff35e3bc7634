import { ENUMERATIONS, type EnumerationValueName } from '@claviger/kmip-protocol';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { countArgument, withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type ConnectionOptions, withClient, withConnectionOptions } from './connection.ts';

interface LocateOptions extends ConnectionOptions {
  readonly name?: string;
  readonly state?: EnumerationValueName<'State'>;
  readonly limit?: number;
}

export function registerKmipLocate(kmip: Command, context: CommandContext): void {
  const command = kmip
    .command('locate')
    .summary('find objects')
    .description('Prints the Unique Identifiers of the objects that have everything that is given.')
    .option('--name <name>', 'Name attribute')
    .addOption(
      new Option('--state <state>', 'State').choices(Object.keys(ENUMERATIONS.State.values)),
    )
    .option('--limit <count>', 'Maximum Items', countArgument(1));
  withExamples(withConnectionOptions(command), [
    ['claviger kmip locate', 'all objects of the adapter'],
    ['claviger kmip locate --state Active --limit 10', 'ten that are Active'],
  ]);
  command.action(async (options: LocateOptions) => {
    const { name, state, limit } = options;
    const uniqueIdentifiers = await withClient(context, options, (client) =>
      client.locate({ name, state, ...(limit !== undefined && { maximumItems: limit }) }),
    );
    await print(context, options, { uniqueIdentifiers }, ({ dim }) =>
      uniqueIdentifiers.length === 0
        ? `${dim('Nothing was found.')}\n`
        : `${uniqueIdentifiers.join('\n')}\n`,
    );
  });
}
