import { resolve } from 'node:path';
import { MAX_CERTIFICATE_INPUT_BYTES } from '@claviger/pki';
import type { Command } from 'commander';
import { Failure } from '../../failure.ts';
import { write } from '../../terminal.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { readInput } from '../read-input.ts';
import { reserveOutput } from '../write-output.ts';
import { viewOf } from './certificate-view.ts';
import { formatCertificate } from './format-certificate.ts';
import { type ValidityOptions, validityDaysOf, withValidityOptions } from './validity-options.ts';

interface SignOptions extends ApiOptions, ValidityOptions {
  readonly name?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly copyNames?: boolean;
}

export function registerCertSign(cert: Command, context: CommandContext): void {
  const command = withValidityOptions(
    cert
      .command('sign')
      .summary('sign the request of a client, and let it in')
      .description(
        'Signs a certificate signing request with the authority of the gateway, registers the ' +
          'certificate with the adapter, and prints it or writes it to a file.',
      )
      .argument('<adapter>', 'id or name of the adapter')
      .argument('<request>', 'certificate signing request, PEM; - reads standard input')
      .option('--name <name>', 'what events call the client (default: a name that is made)')
      .option('--out <file>', 'write the certificate there instead of to standard output')
      .option('--force', 'replace the file if there is one')
      .option('--copy-names', 'take the alternative names of the request over'),
  );
  withExamples(withApiOptions(command), [
    ['claviger cert sign vcenter vcenter.csr > vcenter.crt', 'the request that vCenter makes'],
    ['claviger cert sign vcenter vcenter.csr --out vcenter.crt --years 5', 'good for five years'],
  ]);
  command.action(async (adapter: string, file: string, options: SignOptions) => {
    const request = await readRequest(context, file);
    const { name, out, force = false, copyNames = false } = options;
    const output =
      out === undefined
        ? undefined
        : await reserveOutput(resolve(context.workingDirectory, out), { force });
    try {
      const { holder, signed } = await withApi(context, options, async (client) => {
        const holder = await client.readAdapter(adapter);
        const signed = await client.signRequest(holder.id, request, {
          name,
          validityDays: validityDaysOf(options),
          copyAlternativeNames: copyNames,
        });
        return { holder, signed };
      });
      await output?.write(signed.pem);
      const view = viewOf(signed, holder.id);
      if (options.json !== true && output === undefined) {
        await write(context.terminal.out, signed.pem);
        return;
      }
      await print(
        context,
        options,
        { ...view, pem: signed.pem, files: output === undefined ? [] : [output.path] },
        (colors) =>
          `Signed certificate ${colors.bold(view.name)} for adapter ${colors.bold(holder.name)}: ${out}\n` +
          formatCertificate(colors, view, []),
      );
    } finally {
      await output?.discard();
    }
  });
}

/** What else it may be is for the API to say, which checks its signature too; a key stays here. */
async function readRequest(context: CommandContext, file: string): Promise<string> {
  const bytes = await readInput(context, file, MAX_CERTIFICATE_INPUT_BYTES);
  const text = Buffer.from(bytes).toString('utf8');
  const [block] =
    /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----[\s\S]*?-----END [^-]*-----/.exec(text) ?? [];
  if (block !== undefined) return `${block}\n`;
  const where = file === '-' ? 'Standard input' : file;
  const what = /-----BEGIN [^-]*PRIVATE KEY-----/.test(text)
    ? 'holds a private key; only the request belongs here'
    : /-----BEGIN CERTIFICATE-----/.test(text)
      ? 'holds a certificate, which is signed already: claviger cert add ADAPTER FILE'
      : 'holds no certificate signing request in PEM, from -----BEGIN CERTIFICATE REQUEST----- on';
  throw new Failure('data', `${where} ${what}.`);
}
