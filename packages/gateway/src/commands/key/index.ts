import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerKeyActions } from './act.ts';
import { registerKeyCreate } from './create.ts';
import { registerKeyDelete } from './delete.ts';
import { registerKeyImport } from './import.ts';
import { registerKeyList } from './list.ts';
import { registerKeyShow } from './show.ts';

export function registerKey(program: Command, context: CommandContext): void {
  const key = program
    .command('key')
    .summary('manage root keys: create, import, list, show, rotate, disable, enable, delete')
    .description(
      'A root key wraps the keys of the adapters over it. Disabled, it makes all objects of its ' +
        'adapters unusable at once; enabled, it brings them back.',
    );
  registerKeyCreate(key, context);
  registerKeyImport(key, context);
  registerKeyList(key, context);
  registerKeyShow(key, context);
  registerKeyActions(key, context);
  registerKeyDelete(key, context);
}
