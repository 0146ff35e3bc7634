import type { Command } from 'commander';
import { jsonText } from '../../present/json-text.ts';
import { formatFacts } from '../../present/table.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type ConnectionOptions, withClient, withConnectionOptions } from './connection.ts';

export function registerKmipQuery(kmip: Command, context: CommandContext): void {
  const command = kmip
    .command('query')
    .summary('ask what a server can do')
    .description(
      'Asks for the operations and object types of a server, and what it says of itself.',
    );
  withExamples(withConnectionOptions(command), [
    ['claviger kmip query', 'for people'],
    ['claviger kmip query --kmip-version 2.1 --json', 'what 2.1 tells, for programs'],
  ]);
  command.action(async (options: ConnectionOptions) => {
    const answer = await withClient(context, options, (client) =>
      client.query(['QueryOperations', 'QueryObjects', 'QueryServerInformation']),
    );
    await print(context, options, answer, (colors) =>
      formatFacts(
        colors,
        Object.entries(answer)
          .filter(
            ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
          )
          .map(([name, value]) => [name, textOf(value)]),
      ),
    );
  });
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : jsonText(value);
}
