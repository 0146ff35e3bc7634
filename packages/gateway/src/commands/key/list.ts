import type { Command } from 'commander';
import { formatTable } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

interface ListOptions extends ApiOptions {
  readonly all?: boolean;
}

export function registerKeyList(key: Command, context: CommandContext): void {
  const command = key
    .command('list')
    .summary('list root keys')
    .description('Lists root keys.')
    .option('--all', 'deleted ones too');
  withExamples(withApiOptions(command), [
    ['claviger key list', 'those that can be used or enabled'],
    ['claviger key list --all --json', 'all, for programs'],
  ]);
  command.action(async (options: ListOptions) => {
    const deletedToo = options.all === true;
    const keys = await withApi(context, options, (client) => client.listKeys({ deletedToo }));
    await print(context, options, keys, (colors) =>
      formatTable(
        colors,
        ['NAME', 'STATE', 'CREATED', 'ROTATED', 'ALIASES', 'ID'],
        keys.map(({ name, state, createdAt, rotatedAt, aliases, id }) => [
          name,
          state === 'enabled' ? state : { text: state, paint: colors.yellow },
          createdAt === null ? '-' : formatTime(createdAt),
          rotatedAt === null ? '-' : formatTime(rotatedAt),
          aliases.join(', '),
          id,
        ]),
      ),
    );
  });
}
