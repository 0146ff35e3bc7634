import type { Command } from 'commander';
import { Failure } from '../../../failure.ts';
import { type ApiOptions, withApi, withApiOptions } from '../../api-options.ts';
import type { CommandContext } from '../../command-context.ts';
import { withExamples } from '../../options.ts';
import { print } from '../../print.ts';

export function registerAuthorityRemove(authority: Command, context: CommandContext): void {
  const command = authority
    .command('remove')
    .summary('shut the clients of an authority out')
    .description(
      'Removes an authority from an adapter. The next requests of the clients that were let in by it ' +
        'are refused, also on connections that are open.',
    )
    .argument('<adapter>', 'id or name of the adapter')
    .argument('<authority>', 'id or name of the authority');
  withExamples(withApiOptions(command), [
    ['claviger cert authority remove vcenter ca', 'by their names'],
  ]);
  command.action(async (adapter: string, which: string, options: ApiOptions) => {
    const removed = await withApi(context, options, async (client) => {
      const holder = await client.readAdapter(adapter);
      const authorities = await client.listAuthorities(holder.id);
      const found = authorities.find(({ id, name }) => id === which || name === which);
      if (found === undefined) {
        throw new Failure(
          'refused',
          `The adapter ${holder.name} has no authority ${JSON.stringify(which)}; \`claviger cert authority list\` shows all.`,
        );
      }
      await client.deleteAuthority(holder.id, found.id);
      return { ...found, adapterId: holder.id };
    });
    await print(
      context,
      options,
      removed,
      ({ bold }) => `Removed authority ${bold(removed.name)} (${removed.id}).\n`,
    );
  });
}
