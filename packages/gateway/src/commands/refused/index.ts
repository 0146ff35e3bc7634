import type { Command } from 'commander';
import { addRefusedList } from '../cert/refused.ts';
import { addTrust } from '../cert/trust.ts';
import type { CommandContext } from '../command-context.ts';

/** `cert refused` and `cert trust` under the name of what they are about. */
export function registerRefused(program: Command, context: CommandContext): void {
  const refused = program
    .command('refused')
    .summary('certificates that were refused: list, trust')
    .description('The same as `cert refused` and `cert trust`.');
  const list = refused.command('list').summary('list certificates that were refused, and why');
  addRefusedList(list, context, 'claviger refused list');
  const trust = refused.command('trust').summary('let a client in that was refused');
  addTrust(trust, context, 'claviger refused trust');
}
