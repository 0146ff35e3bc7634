import type { Command } from 'commander';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { warningsOf } from './certificate-view.ts';
import { findCertificate } from './find-certificate.ts';
import { formatCertificate } from './format-certificate.ts';

interface ShowOptions extends ApiOptions {
  readonly adapter?: string;
}

export function registerCertShow(cert: Command, context: CommandContext): void {
  const command = cert
    .command('show')
    .summary('show a client certificate with its PEM')
    .description('Shows one client certificate, its fingerprints and its PEM.')
    .argument('<certificate>', 'id, name, or fingerprint (SHA-256 or SHA-1)')
    .option('--adapter <adapter>', 'only look in this adapter (id or name)');
  withExamples(withApiOptions(command), [
    ['claviger cert show vcenter-client', 'by its name'],
    ['claviger cert show vcenter-client --json', 'for programs'],
  ]);
  command.action(async (which: string, options: ShowOptions) => {
    const { view, read } = await withApi(context, options, async (client) => {
      const view = await findCertificate(client, which, options.adapter);
      return { view, read: await client.readCertificate(view.adapterId, view.id) };
    });
    const warnings = warningsOf(read);
    await print(
      context,
      options,
      { ...view, warnings, pem: read.pem },
      (colors) =>
        `${colors.bold(view.name)}\n${formatCertificate(colors, view, warnings)}\n${read.pem.trim()}\n`,
    );
  });
}
