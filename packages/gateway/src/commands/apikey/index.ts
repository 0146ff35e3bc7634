import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerApiKeyCreate } from './create.ts';
import { registerApiKeyList } from './list.ts';
import { registerApiKeyRevoke } from './revoke.ts';

export function registerApiKey(program: Command, context: CommandContext): void {
  const apiKey = program
    .command('apikey')
    .summary('manage API keys: create, list, revoke')
    .description(
      'An API key logs a person or a program in at the management API, in one of its roles. ' +
        'Changes count at once, also while the gateway runs.',
    );
  registerApiKeyCreate(apiKey, context);
  registerApiKeyList(apiKey, context);
  registerApiKeyRevoke(apiKey, context);
}
