import type { Command } from 'commander';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { type ConfirmOptions, confirm, YES_OPTION } from '../confirm.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { findHolder } from './find-holder.ts';

interface DeleteOptions extends ApiOptions, ConfirmOptions {
  readonly force?: boolean;
}

export function registerObjectDelete(object: Command, context: CommandContext): void {
  const command = object
    .command('delete')
    .summary('destroy a managed object for good')
    .description(
      'Destroys a managed object: its key material is gone, its attributes stay on record. What was ' +
        'encrypted with it cannot be read again. One that is Active needs --force.',
    )
    .argument('<id>', 'Unique Identifier')
    .option('--force', 'although it is Active')
    .option(...YES_OPTION);
  withExamples(withApiOptions(command), [
    ['claviger object delete d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d', 'asks first'],
    ['claviger object delete d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d --force --yes', 'an Active one'],
  ]);
  command.action(async (id: string, options: DeleteOptions) => {
    const deleted = await withApi(context, options, async (client) => {
      const adapter = await findHolder(client, id);
      const loss = `The object ${id} of adapter ${adapter.name} is destroyed: what it has encrypted cannot be read again.`;
      await confirm(context, options, loss);
      await client.deleteObject(adapter.id, id, { force: options.force === true });
      return { id, adapterId: adapter.id };
    });
    await print(context, options, deleted, ({ bold }) => `Destroyed object ${bold(deleted.id)}.\n`);
  });
}
