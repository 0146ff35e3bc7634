import type { Command } from 'commander';
import { listApiKeys } from '../../administration/api-keys.ts';
import { toJsonApiKey } from '../../present/api-key.ts';
import { formatTable } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerApiKeyList(apiKey: Command, context: CommandContext): void {
  const command = apiKey
    .command('list')
    .summary('list API keys')
    .description('Lists API keys, revoked ones too. The keys themselves are kept nowhere.');
  withExamples(withDataOptions(command), [['claviger apikey list --json', 'for programs']]);
  command.action(async (options: DataOptions) => {
    const apiKeys = await withInstallation(context, options, (installation) =>
      listApiKeys(installation, administratorOf(context, 'apikey list')),
    );
    await print(context, options, apiKeys.map(toJsonApiKey), (colors) =>
      formatTable(
        colors,
        ['NAME', 'ROLE', 'CREATED', 'REVOKED', 'ID'],
        apiKeys.map(({ name, role, createdAt, revokedAt, id }) => [
          name,
          role,
          formatTime(createdAt),
          revokedAt === null ? '-' : formatTime(revokedAt),
          id,
        ]),
      ),
    );
  });
}
