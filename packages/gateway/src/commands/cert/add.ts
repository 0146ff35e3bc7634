import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { resourceNameFrom } from '../resource-name.ts';
import { viewOf } from './certificate-view.ts';
import { commonNameOf } from './common-name.ts';
import { formatCertificate } from './format-certificate.ts';
import { readCertificateFile } from './read-certificate-file.ts';

interface AddOptions extends ApiOptions {
  readonly name?: string;
}

export function registerCertAdd(cert: Command, context: CommandContext): void {
  const command = cert
    .command('add')
    .summary('let the client that holds a certificate in')
    .description(
      'Registers a client certificate with an adapter. Compare the fingerprints with those that ' +
        'vCenter shows before you rely on it.',
    )
    .argument('<adapter>', 'id or name of the adapter')
    .argument('<file>', 'one certificate, PEM or DER; - reads standard input')
    .option('--name <name>', 'what events call the client (default: the name of the file)');
  withExamples(withApiOptions(command), [
    ['claviger cert add vcenter vcenter.pem', 'the file that vCenter offers for download'],
    ['claviger cert add vcenter - --name backup < backup.pem', 'from standard input'],
  ]);
  command.action(async (adapter: string, file: string, options: AddOptions) => {
    const { certificate, pem } = await readCertificateFile(context, file);
    const givenName = options.name;
    const name =
      givenName ?? resourceNameFrom(file === '-' ? commonNameOf(certificate.subject) : stem(file));
    const { holder, added } = await withApi(context, options, async (client) => {
      const holder = await client.readAdapter(adapter);
      return { holder, added: await client.addCertificate(holder.id, { name, pem }) };
    });
    const view = viewOf(added, holder.id);
    const { warnings } = added;
    await print(
      context,
      options,
      { ...view, warnings },
      (colors) =>
        `Added certificate ${colors.bold(view.name)} to adapter ${colors.bold(holder.name)}.\n` +
        formatCertificate(colors, view, warnings),
    );
  });
}

function stem(file: string): string {
  return basename(file, extname(file));
}
