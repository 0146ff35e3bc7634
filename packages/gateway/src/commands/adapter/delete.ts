import type { Command } from 'commander';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { type ConfirmOptions, confirm, YES_OPTION } from '../confirm.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

interface DeleteOptions extends ApiOptions, ConfirmOptions {}

export function registerAdapterDelete(adapter: Command, context: CommandContext): void {
  const command = adapter
    .command('delete')
    .summary('delete an adapter')
    .description(
      'Deletes an adapter and shuts its clients out. One that has objects which are not destroyed is ' +
        'refused; one that has certificates is deleted with them, and only when you say so.',
    )
    .argument('<adapter>', 'id or name')
    .option(...YES_OPTION);
  withExamples(withApiOptions(command), [
    ['claviger adapter delete vcenter-berlin', 'by its name'],
    ['claviger adapter delete vcenter-berlin --yes', 'with its certificates, without a question'],
  ]);
  command.action(async (which: string, options: DeleteOptions) => {
    const deleted = await withApi(context, options, async (client) => {
      const found = await client.readAdapter(which);
      if (options.yes !== true) {
        const { length } = await client.listCertificates(found.id);
        const words = length === 1 ? '1 certificate' : `${length} certificates`;
        const loss = `The adapter ${found.name} is deleted with ${words}: clients that show one are shut out.`;
        if (length > 0) await confirm(context, options, loss);
      }
      await client.deleteAdapter(found.id);
      return found;
    });
    await print(
      context,
      options,
      deleted,
      ({ bold }) => `Deleted adapter ${bold(deleted.name)} (${deleted.id}).\n`,
    );
  });
}
