import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerCredentialAdd } from './add.ts';
import { registerCredentialList } from './list.ts';
import { registerCredentialRemove } from './remove.ts';

export function registerCredential(program: Command, context: CommandContext): void {
  const credential = program
    .command('credential')
    .summary('manage users and devices of adapters: add, list, remove')
    .description(
      'A certificate says which adapter a client belongs to; a credential says beside it which client ' +
        'this is. What is made with a credential belongs to it. Changes count at once.',
    );
  registerCredentialAdd(credential, context);
  registerCredentialList(credential, context);
  registerCredentialRemove(credential, context);
}
