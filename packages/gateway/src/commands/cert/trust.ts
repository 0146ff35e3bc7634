import type { Command } from 'commander';
import { trustCertificate } from '../../administration/refused-certificates.ts';
import { toJsonCertificate } from '../../present/records.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';
import { formatCertificate } from './format-certificate.ts';

interface TrustOptions extends DataOptions {
  readonly adapter: string;
  readonly name?: string;
}

export function registerCertTrust(cert: Command, context: CommandContext): void {
  const command = cert
    .command('trust')
    .summary('let a client in that was refused')
    .description(
      'Registers a certificate that was refused with an adapter; the next connection of the client ' +
        'is let in. Compare the fingerprint with the one that the client shows before you do.',
    )
    .argument('<fingerprint>', 'SHA-256 or SHA-1, as `claviger cert refused` shows them')
    .requiredOption('--adapter <adapter>', 'id or name of the adapter')
    .option('--name <name>', 'what events call the client (default: its common name)');
  withExamples(withDataOptions(command), [
    [
      'claviger cert trust B4:52:2E:B5:3E:69:92:B5:F0:C4:1D:ED:7A:84:0F:5A:49:B1:10:51 --adapter vcenter',
      'by SHA-1',
    ],
  ]);
  command.action(async (fingerprint: string, options: TrustOptions) => {
    const { adapter, name } = options;
    const trusted = await withInstallation(context, options, (installation) =>
      trustCertificate(installation, administratorOf(context, 'cert trust'), {
        fingerprint,
        adapter,
        name,
      }),
    );
    const { certificate, warnings } = trusted;
    await print(
      context,
      options,
      { ...toJsonCertificate(certificate), warnings },
      (colors) =>
        `Trusted certificate ${colors.bold(certificate.name)} as a client of adapter ${colors.bold(trusted.adapter.name)}.\n` +
        formatCertificate(colors, certificate, warnings),
    );
  });
}
