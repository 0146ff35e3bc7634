import type { Command } from 'commander';
import { daysLeft, expiryAdvice, expiryCell } from '../../present/expiry.ts';
import { formatTable } from '../../present/table.ts';
import { formatDay } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { listCertificates } from './find-certificate.ts';

interface ListOptions extends ApiOptions {
  readonly adapter?: string;
}

export function registerCertList(cert: Command, context: CommandContext): void {
  const command = cert
    .command('list')
    .summary('list client certificates, and when they end')
    .description(
      'Lists the registered client certificates with the days that are left of each; coloured within ' +
        '90, 30 and 7 days of the end.',
    )
    .option('--adapter <adapter>', 'only those of this adapter (id or name)');
  withExamples(withApiOptions(command), [
    ['claviger cert list', 'of all adapters'],
    ['claviger cert list --adapter vcenter --json', 'of one, for programs'],
  ]);
  command.action(async (options: ListOptions) => {
    const listed = await withApi(context, options, (client) =>
      listCertificates(client, options.adapter),
    );
    const now = context.ambient.clock.now();
    const certificates = listed.map((one) => ({ ...one, daysLeft: daysLeft(one.notAfter, now) }));
    const json = certificates.map(({ adapterName: _, ...certificate }) => certificate);
    await print(
      context,
      options,
      json,
      (colors) =>
        formatTable(
          colors,
          ['NAME', 'ADAPTER', 'VALID UNTIL', 'ENDS', 'SUBJECT', 'SHA-256', 'ID'],
          certificates.map((certificate) => [
            certificate.name,
            certificate.adapterName,
            formatDay(certificate.notAfter),
            expiryCell(colors, certificate.daysLeft),
            certificate.subject,
            `${certificate.fingerprintSha256.slice(0, 16)}…`,
            certificate.id,
          ]),
        ) + expiryAdvice(colors, certificates),
    );
  });
}
