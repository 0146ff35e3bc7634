import type { Command } from 'commander';
import type { ManagementClient } from '../../api-client/management-client.ts';
import type { Adapter } from '../../api-client/resources.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { findRootKey, getRootKey } from '../key/find-root-key.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

interface CreateOptions extends ApiOptions {
  readonly description?: string;
  readonly rootKey: string;
}

export function registerAdapterCreate(adapter: Command, context: CommandContext): void {
  const command = adapter
    .command('create')
    .summary('create an adapter')
    .description('Creates an adapter with a key of its own, which a root key wraps.')
    .argument('<name>', 'unique name, e.g. of the vCenter that will use it')
    .option('--description <text>', 'what it is for')
    .option(
      '--root-key <key>',
      'id, alias or name of a root key; made when there is none of this name',
      'default',
    );
  withExamples(withApiOptions(command), [
    ['claviger adapter create vcenter-berlin', 'under the root key `default`'],
    ['claviger adapter create tenant-a --root-key tenant-a', 'with a root key of its own'],
  ]);
  command.action(async (name: string, options: CreateOptions) => {
    const { description, rootKey } = options;
    const adapter = await withApi(context, options, (client) =>
      createAdapter(client, { name, description }, rootKey),
    );
    await print(
      context,
      options,
      adapter,
      ({ bold, cyan }) =>
        `Created adapter ${bold(adapter.name)} (${adapter.id}).\n` +
        `Let a client in with ${cyan(`claviger cert add ${adapter.name} CERTIFICATE.pem`)}\n`,
    );
  });
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function createAdapter(
  client: ManagementClient,
  wishes: { readonly name: string; readonly description: string | undefined },
  rootKey: string,
): Promise<Adapter> {
  const found = UUID.test(rootKey)
    ? await getRootKey(client, rootKey) // an id is nothing to make a key by
    : await findRootKey(client, rootKey);
  if (found !== undefined) return await client.createAdapter({ ...wishes, rootKeyId: found.id });
  const made = await client.createKey({ name: rootKey, aliases: [] });
  try {
    return await client.createAdapter({ ...wishes, rootKeyId: made.id });
  } catch (error) {
    await client.deleteKey(made.id); // nothing half done
    throw error;
  }
}
