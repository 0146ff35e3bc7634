import { basename, extname } from 'node:path';
import {
  MAX_CERTIFICATE_INPUT_BYTES,
  type ParsedCertificate,
  PkiError,
  parseCertificate,
} from '@claviger/pki';
import type { Command } from 'commander';
import { commonNameOf } from '../../administration/certificate-record.ts';
import { addCertificate } from '../../administration/certificates.ts';
import { toJsonCertificate } from '../../present/records.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';
import { readInput } from '../read-input.ts';
import { formatCertificate } from './format-certificate.ts';

interface AddOptions extends DataOptions {
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
  withExamples(withDataOptions(command), [
    ['claviger cert add vcenter vcenter.pem', 'the file that vCenter offers for download'],
    ['claviger cert add vcenter - --name backup < backup.pem', 'from standard input'],
  ]);
  command.action(async (adapter: string, file: string, options: AddOptions) => {
    const bytes = await readInput(context, file, MAX_CERTIFICATE_INPUT_BYTES);
    const parsed = parsedCertificate(bytes, file);
    const name = options.name ?? (file === '-' ? commonNameOf(parsed.subject) : stem(file));
    const added = await withInstallation(context, options, (installation) =>
      addCertificate(installation, administratorOf(context, 'cert add'), adapter, {
        certificate: parsed,
        name,
      }),
    );
    const { certificate } = added;
    await print(
      context,
      options,
      toJsonCertificate(certificate),
      (colors) =>
        `Added certificate ${colors.bold(name)} to adapter ${colors.bold(added.adapter.name)}.\n` +
        formatCertificate(colors, certificate, []),
    );
  });
}

function parsedCertificate(bytes: Uint8Array, file: string): ParsedCertificate {
  try {
    return parseCertificate(bytes);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    const where = file === '-' ? 'standard input' : file;
    throw new PkiError(cause.code, `${where}: ${cause.message}`, { cause });
  }
}

function stem(file: string): string {
  return basename(file, extname(file));
}
