import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { formatFacts } from '../../../present/table.ts';
import { formatDay } from '../../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../../api-options.ts';
import type { CommandContext } from '../../command-context.ts';
import { withExamples } from '../../options.ts';
import { print } from '../../print.ts';
import { resourceNameFrom } from '../../resource-name.ts';
import { commonNameOf } from '../common-name.ts';
import { readCertificateFile } from '../read-certificate-file.ts';

interface AddOptions extends ApiOptions {
  readonly name?: string;
  readonly subjectRule?: string;
}

export function registerAuthorityAdd(authority: Command, context: CommandContext): void {
  const command = authority
    .command('add')
    .summary('let every client in that an authority has certified')
    .description('Registers the certificate of an authority with an adapter.')
    .argument('<adapter>', 'id or name of the adapter')
    .argument('<file>', "the authority's certificate, PEM or DER; - reads standard input")
    .option('--name <name>', 'what it is called (default: the name of the file)')
    .option('--subject-rule <rule>', 'only clients of this subject, e.g. CN=vcenter-*.example.com');
  withExamples(withApiOptions(command), [
    [
      'claviger cert authority add vcenter ca.pem --subject-rule "CN=vcenter-*"',
      'some of its clients',
    ],
  ]);
  command.action(async (adapter: string, file: string, options: AddOptions) => {
    const { certificate, pem } = await readCertificateFile(context, file);
    const stem = file === '-' ? commonNameOf(certificate.subject) : basename(file, extname(file));
    const name = options.name ?? resourceNameFrom(stem);
    const { holder, added } = await withApi(context, options, async (client) => {
      const holder = await client.readAdapter(adapter);
      const { subjectRule } = options;
      return { holder, added: await client.addAuthority(holder.id, { name, pem, subjectRule }) };
    });
    await print(
      context,
      options,
      { ...added, adapterId: holder.id },
      (colors) =>
        `Added authority ${colors.bold(added.name)} to adapter ${colors.bold(holder.name)}.\n` +
        formatFacts(
          colors,
          [
            ['Id', added.id],
            ['Subject', added.subject],
            ['Clients', added.subjectRule ?? 'all that it has issued'],
            ['Valid', `${formatDay(added.notBefore)} to ${formatDay(added.notAfter)}`],
            ...added.warnings.map(({ message }) => ['Warning', message] as const),
          ],
          '  ',
        ),
    );
  });
}
