import type { Command } from 'commander';
import type { ManagementClient } from '../../api-client/management-client.ts';
import type { ManagedObject } from '../../api-client/resources.ts';
import { attributeOf } from '../../present/attribute.ts';
import { formatTable } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { namedAdapters } from '../of-adapters.ts';
import { countArgument, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface ListOptions extends ApiOptions {
  readonly adapter?: string;
  readonly limit: number;
}

type ListedObject = ManagedObject & { readonly adapterId: string };

const DEFAULT_LIMIT = 100;
const PAGE_SIZE = 1000;

export function registerObjectList(object: Command, context: CommandContext): void {
  const command = object
    .command('list')
    .summary('list managed objects')
    .description('Lists managed objects, newest first.')
    .option('--adapter <adapter>', 'only those of this adapter (id or name)')
    .option('--limit <count>', 'at most this many', countArgument(1), DEFAULT_LIMIT);
  withExamples(withApiOptions(command), [
    ['claviger object list', `the newest ${DEFAULT_LIMIT} of all adapters`],
    ['claviger object list --adapter vcenter --limit 10', 'the newest ten of one'],
  ]);
  command.action(async (options: ListOptions) => {
    const objects = await withApi(context, options, (client) => newest(client, options));
    await print(context, options, objects, (colors) =>
      formatTable(
        colors,
        ['ID', 'TYPE', 'STATE', 'ALGORITHM', 'CREATED', 'USED BY'],
        objects.map((one) => [
          one.id,
          one.objectType,
          one.state,
          algorithmOf(one),
          formatTime(one.createdAt),
          userOf(one),
        ]),
      ),
    );
  });
}

async function newest(
  client: ManagementClient,
  { adapter, limit }: ListOptions,
): Promise<readonly ListedObject[]> {
  const adapters = await namedAdapters(client, adapter);
  const found: ListedObject[] = [];
  for (const { id } of adapters) found.push(...(await newestOf(client, id, limit)));
  found.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
  return found.slice(0, limit);
}

async function newestOf(
  client: ManagementClient,
  adapterId: string,
  limit: number,
): Promise<readonly ListedObject[]> {
  const found: ListedObject[] = [];
  while (found.length < limit) {
    const size = Math.min(PAGE_SIZE, limit - found.length);
    const page = await client.listObjects(adapterId, { limit: size, offset: found.length });
    found.push(...page.map((object) => ({ ...object, adapterId })));
    if (page.length < size) break;
  }
  return found;
}

function algorithmOf(object: ListedObject): string {
  const algorithm = attributeOf(object, 'Cryptographic Algorithm');
  return `${algorithm} ${attributeOf(object, 'Cryptographic Length')}`.trim();
}

/** vCenter says in attributes of its own which host or machine a key is for; others give names. */
function userOf(object: ListedObject): string {
  return attributeOf(object, 'x-Name') || attributeOf(object, 'Name');
}
