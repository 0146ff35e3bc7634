import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerTokenCreate } from './create.ts';

export function registerToken(program: Command, context: CommandContext): void {
  const token = program
    .command('token')
    .summary('get tokens of the API: create')
    .description('A token is what the API is called with; it is good for an hour.');
  registerTokenCreate(token, context);
}
