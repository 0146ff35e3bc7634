import type { Command } from 'commander';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { findHolder } from '../object/find-holder.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { findEndpoint } from './find-endpoint.ts';

interface PutOptions extends ApiOptions {
  readonly address?: string;
  readonly kmipVersion?: string;
}

export function registerClientEndpointPut(endpoint: Command, context: CommandContext): void {
  const command = endpoint
    .command('put')
    .summary('send an object to a client, with its key')
    .description(
      'Has the gateway send an object to a client of its adapter (KMIP Put), with its key, under the rules of ' +
        'Get: nothing that is sensitive, not extractable or owned by a credential leaves. It takes the role Manager.',
    )
    .argument('<object>', 'Unique Identifier')
    .option('--address <host:port>', 'which of the clients of its adapter, when there are several')
    .option('--kmip-version <version>', 'in which version it is sent');
  withExamples(withApiOptions(command), [
    ['claviger client-endpoint put d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d', 'to the only client'],
  ]);
  command.action(async (object: string, options: PutOptions) => {
    const put = await withApi(context, options, async (client) => {
      const { id } = await findHolder(client, object);
      const { address } = await findEndpoint(client, id, options.address);
      await client.putToClient(id, address, { object, version: options.kmipVersion });
      return { id: object, adapterId: id, address };
    });
    await print(
      context,
      options,
      put,
      ({ bold }) => `Sent object ${bold(put.id)} to ${put.address}, with its key.\n`,
    );
  });
}
