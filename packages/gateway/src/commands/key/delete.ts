import type { Command } from 'commander';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { type ConfirmOptions, confirm, YES_OPTION } from '../confirm.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { getRootKey } from './find-root-key.ts';

interface DeleteOptions extends ApiOptions, ConfirmOptions {}

export function registerKeyDelete(key: Command, context: CommandContext): void {
  const command = key
    .command('delete')
    .summary('delete a root key for good')
    .description('Deletes a root key that no adapter uses. Its material is gone.')
    .argument('<key>', 'id, alias or name')
    .option(...YES_OPTION);
  withExamples(withApiOptions(command), [
    ['claviger key delete tenant-a', 'asks first'],
    ['claviger key delete tenant-a --yes', 'does not'],
  ]);
  command.action(async (which: string, options: DeleteOptions) => {
    const deleted = await withApi(context, options, async (client) => {
      const found = await getRootKey(client, which);
      const loss = `The root key ${found.name} (${found.id}) is deleted for good.`;
      await confirm(context, options, loss);
      await client.deleteKey(found.id);
      return { ...found, state: 'deleted' };
    });
    await print(
      context,
      options,
      deleted,
      ({ bold }) => `Deleted root key ${bold(deleted.name)} (${deleted.id}).\n`,
    );
  });
}
