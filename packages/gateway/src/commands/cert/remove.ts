import type { Command } from 'commander';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { findCertificate } from './find-certificate.ts';

interface RemoveOptions extends ApiOptions {
  readonly adapter?: string;
}

export function registerCertRemove(cert: Command, context: CommandContext): void {
  const command = cert
    .command('remove')
    .summary('shut the client that holds a certificate out')
    .description(
      'Removes a client certificate from its adapter. The next request of the client is refused, ' +
        'also on a connection that is open. Nothing is lost: `cert add` lets it in again.',
    )
    .argument('<certificate>', 'id, name, or fingerprint (SHA-256 or SHA-1)')
    .option('--adapter <adapter>', 'only look in this adapter (id or name)');
  withExamples(withApiOptions(command), [
    ['claviger cert remove vcenter-client', 'by its name'],
    [
      'claviger cert remove B4:52:2E:B5:3E:69:92:B5:F0:C4:1D:ED:7A:84:0F:5A:49:B1:10:51',
      'by SHA-1',
    ],
  ]);
  command.action(async (which: string, options: RemoveOptions) => {
    const removed = await withApi(context, options, async (client) => {
      const found = await findCertificate(client, which, options.adapter);
      await client.deleteCertificate(found.adapterId, found.id);
      return found;
    });
    await print(
      context,
      options,
      removed,
      ({ bold }) => `Removed certificate ${bold(removed.name)} (${removed.id}).\n`,
    );
  });
}
