import type { Command } from 'commander';
import { removeCertificate } from '../../administration/certificates.ts';
import { toJsonCertificate } from '../../present/records.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerCertRemove(cert: Command, context: CommandContext): void {
  const command = cert
    .command('remove')
    .summary('shut the client that holds a certificate out')
    .description(
      'Removes a client certificate from its adapter. The next request of the client is refused, ' +
        'also on a connection that is open.',
    )
    .argument('<certificate>', 'id, name, or fingerprint (SHA-256 or SHA-1)');
  withExamples(withDataOptions(command), [
    ['claviger cert remove vcenter-client', 'by its name'],
    [
      'claviger cert remove B4:52:2E:B5:3E:69:92:B5:F0:C4:1D:ED:7A:84:0F:5A:49:B1:10:51',
      'by SHA-1',
    ],
  ]);
  command.action(async (which: string, options: DataOptions) => {
    const removed = await withInstallation(context, options, (installation) =>
      removeCertificate(installation, administratorOf(context, 'cert remove'), which),
    );
    await print(
      context,
      options,
      toJsonCertificate(removed),
      ({ bold }) => `Removed certificate ${bold(removed.name)} (${removed.id}).\n`,
    );
  });
}
