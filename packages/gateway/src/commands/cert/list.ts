import type { Command } from 'commander';
import { listCertificates } from '../../administration/certificates.ts';
import { toJsonCertificate } from '../../present/records.ts';
import { formatTable } from '../../present/table.ts';
import { formatDay } from '../../present/time.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface ListOptions extends DataOptions {
  readonly adapter?: string;
}

export function registerCertList(cert: Command, context: CommandContext): void {
  const command = cert
    .command('list')
    .summary('list client certificates')
    .description('Lists the registered client certificates.')
    .option('--adapter <adapter>', 'only those of this adapter (id or name)');
  withExamples(withDataOptions(command), [
    ['claviger cert list', 'of all adapters'],
    ['claviger cert list --adapter vcenter --json', 'of one, for programs'],
  ]);
  command.action(async (options: ListOptions) => {
    const { certificates, adapters } = await withInstallation(
      context,
      options,
      async (installation) => ({
        certificates: await listCertificates(
          installation,
          administratorOf(context, 'cert list'),
          options.adapter,
        ),
        adapters: await installation.store.listAdapters(),
      }),
    );
    const names = new Map(adapters.map(({ id, name }) => [id, name]));
    await print(context, options, certificates.map(toJsonCertificate), (colors) =>
      formatTable(
        colors,
        ['NAME', 'ADAPTER', 'VALID UNTIL', 'SUBJECT', 'SHA-256', 'ID'],
        certificates.map((certificate) => [
          certificate.name,
          names.get(certificate.adapterId) ?? certificate.adapterId,
          formatDay(certificate.notAfter),
          certificate.subject,
          `${certificate.fingerprintSha256.slice(0, 16)}…`,
          certificate.id,
        ]),
      ),
    );
  });
}
