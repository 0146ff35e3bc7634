import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerAdapterCreate } from './create.ts';
import { registerAdapterDelete } from './delete.ts';
import { registerAdapterList } from './list.ts';
import { registerAdapterShow } from './show.ts';

export function registerAdapter(program: Command, context: CommandContext): void {
  const adapter = program
    .command('adapter')
    .summary('manage adapters: create, list, show, delete')
    .description(
      'An adapter is a key space of its own: its certificates reach its objects and no others.',
    );
  registerAdapterCreate(adapter, context);
  registerAdapterList(adapter, context);
  registerAdapterShow(adapter, context);
  registerAdapterDelete(adapter, context);
}
