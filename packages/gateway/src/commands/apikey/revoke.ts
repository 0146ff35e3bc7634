import type { Command } from 'commander';
import { revokeApiKey } from '../../administration/api-keys.ts';
import { toJsonApiKey } from '../../present/api-key.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerApiKeyRevoke(apiKey: Command, context: CommandContext): void {
  const command = apiKey
    .command('revoke')
    .summary('shut out whoever has an API key')
    .description('Revokes an API key for good. Tokens that were made with it are refused at once.')
    .argument('<apikey>', 'id, or name of one that is not revoked');
  withExamples(withDataOptions(command), [['claviger apikey revoke monitoring', 'by its name']]);
  command.action(async (which: string, options: DataOptions) => {
    const revoked = await withInstallation(context, options, (installation) =>
      revokeApiKey(installation, administratorOf(context, 'apikey revoke'), which),
    );
    await print(
      context,
      options,
      toJsonApiKey(revoked),
      ({ bold }) => `Revoked the API key ${bold(revoked.name)} (${revoked.id}).\n`,
    );
  });
}
