import { type Attribute, attributeText } from '@claviger/kmip-protocol';
import type { Command } from 'commander';
import { listObjects, type ObjectView } from '../../administration/objects.ts';
import { formatAttribute } from '../../present/attribute.ts';
import { toJsonObject } from '../../present/records.ts';
import { formatTable } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { countArgument, type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface ListOptions extends DataOptions {
  readonly adapter?: string;
  readonly limit: number;
}

const DEFAULT_LIMIT = 100;

export function registerObjectList(object: Command, context: CommandContext): void {
  const command = object
    .command('list')
    .summary('list managed objects')
    .description('Lists managed objects, newest first.')
    .option('--adapter <adapter>', 'only those of this adapter (id or name)')
    .option('--limit <count>', 'at most this many', countArgument(1), DEFAULT_LIMIT);
  withExamples(withDataOptions(command), [
    ['claviger object list', `the newest ${DEFAULT_LIMIT} of all adapters`],
    ['claviger object list --adapter vcenter --limit 10', 'the newest ten of one'],
  ]);
  command.action(async (options: ListOptions) => {
    const objects = await withInstallation(context, options, (installation) =>
      listObjects(installation, administratorOf(context, 'object list'), options),
    );
    await print(context, options, objects.map(toJsonObject), (colors) =>
      formatTable(
        colors,
        ['ID', 'TYPE', 'STATE', 'ALGORITHM', 'CREATED', 'USED BY'],
        objects.map((view) => [
          view.id,
          view.objectType,
          view.state,
          algorithmOf(view),
          formatTime(view.createdAt),
          userOf(view),
        ]),
      ),
    );
  });
}

function algorithmOf(view: ObjectView): string {
  return [textOf(view, 'Cryptographic Algorithm'), textOf(view, 'Cryptographic Length')]
    .join(' ')
    .trim();
}

/** vCenter says in attributes of its own which host or machine a key is for; others give names. */
function userOf(view: ObjectView): string {
  return textOf(view, 'x-Name') || textOf(view, 'Name');
}

function textOf(
  { attributes }: { readonly attributes: readonly Attribute[] },
  name: string,
): string {
  const found = attributes.find((attribute) => attributeText(attribute) === name);
  return found === undefined ? '' : formatAttribute(found);
}
