import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerObjectDelete } from './delete.ts';
import { registerObjectList } from './list.ts';
import { registerObjectShow } from './show.ts';

export function registerObject(program: Command, context: CommandContext): void {
  const object = program
    .command('object')
    .summary('look at managed objects, or destroy them: list, show, delete')
    .description(
      'Managed objects are the keys that clients made. Key material is never shown: only a client ' +
        'with a certificate of the adapter gets it, over KMIP.',
    );
  registerObjectList(object, context);
  registerObjectShow(object, context);
  registerObjectDelete(object, context);
}
