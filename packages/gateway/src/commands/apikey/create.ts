import { isRole, ROLES, type Role } from '@claviger/management-api';
import { type Command, InvalidArgumentError } from 'commander';
import { createApiKey } from '../../administration/api-keys.ts';
import { formatFacts } from '../../present/table.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface CreateOptions extends DataOptions {
  readonly role: Role;
  readonly name?: string;
}

const ROLE_NAMES = Object.keys(ROLES).join(', ');

export function registerApiKeyCreate(apiKey: Command, context: CommandContext): void {
  const command = apiKey
    .command('create')
    .summary('make an API key')
    .description('Makes an API key. It is shown this once: only a salted hash of it is kept.')
    .requiredOption('--role <role>', `what it allows: ${ROLE_NAMES}`, roleArgument)
    .option('--name <name>', 'what it is for, for lists and events (default: the role)');
  withExamples(withDataOptions(command), [
    ['claviger apikey create --role Manager', 'everything'],
    ['claviger apikey create --role Reader --name monitoring --json', 'for programs'],
  ]);
  command.action(async (options: CreateOptions) => {
    const { role, name = role } = options;
    const { apiKey: key, record } = await withInstallation(context, options, (installation) =>
      createApiKey(installation, administratorOf(context, 'apikey create'), { name, role }),
    );
    await print(
      context,
      options,
      { apikey: key, id: record.id },
      (colors) =>
        `Made the API key ${colors.bold(name)}. It is shown this once; keep it as you keep a password.\n` +
        formatFacts(
          colors,
          [
            ['API key', key],
            ['Id', record.id],
            ['Role', role],
          ],
          '  ',
        ),
    );
  });
}

function roleArgument(text: string): Role {
  if (isRole(text)) return text;
  throw new InvalidArgumentError(`It must be one of: ${ROLE_NAMES}.`);
}
