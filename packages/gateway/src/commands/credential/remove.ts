import type { Command } from 'commander';
import { Failure } from '../../failure.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerCredentialRemove(credential: Command, context: CommandContext): void {
  const command = credential
    .command('remove')
    .summary('remove a user or a device')
    .description(
      'Removes a credential: the next request with it is refused, also with tickets that it asked for. ' +
        'Its objects stay, and belong to whoever gets a credential of the same name.',
    )
    .argument('<adapter>', 'id or name of the adapter')
    .argument('<credential>', 'id or name of the credential');
  withExamples(withApiOptions(command), [['claviger credential remove vcenter backup', 'by name']]);
  command.action(async (adapter: string, which: string, options: ApiOptions) => {
    const removed = await withApi(context, options, async (client) => {
      const holder = await client.readAdapter(adapter);
      const credentials = await client.listCredentials(holder.id);
      const found =
        credentials.find(({ id }) => id === which) ??
        credentials.find(({ name }) => name === which);
      if (found === undefined) {
        throw new Failure(
          'refused',
          `The adapter has no credential ${JSON.stringify(which)}; \`claviger credential list\` shows all.`,
        );
      }
      await client.deleteCredential(holder.id, found.id);
      const { oneTimeSecret: _, ...known } = found;
      return { ...known, adapterId: holder.id };
    });
    await print(
      context,
      options,
      removed,
      ({ bold }) => `Removed credential ${bold(removed.name)} (${removed.id}).\n`,
    );
  });
}
