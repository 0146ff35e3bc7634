import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ClientIdentity } from '../../api-client/resources.ts';
import { Failure } from '../../failure.ts';
import { readSecretFile } from '../../secret-file.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { askPassword } from '../confirm.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type ReservedOutput, reserveOutput } from '../write-output.ts';
import { viewOf } from './certificate-view.ts';
import { formatCertificate } from './format-certificate.ts';
import { type ValidityOptions, validityDaysOf, withValidityOptions } from './validity-options.ts';

interface IssueOptions extends ApiOptions, ValidityOptions {
  readonly commonName?: string;
  readonly out?: string;
  readonly single?: boolean;
  readonly p12?: boolean;
  readonly passwordFile?: string;
  readonly force?: boolean;
}

type Content = string | Uint8Array | undefined;

/** The files of each form, by the end of their names. */
const FORMS = {
  pair: { '.crt': ({ pem }) => pem, '.key': ({ privateKeyPem }) => privateKeyPem },
  single: {
    '.pem': ({ pem, privateKeyPem }) => privateKeyPem && `${pem.trim()}\n${privateKeyPem}`,
  },
  p12: { '.p12': ({ pkcs12 }) => pkcs12 },
} as const satisfies Record<string, Record<string, (made: ClientIdentity) => Content>>;

const MAX_PASSWORD_BYTES = 1024;

export function registerCertIssue(cert: Command, context: CommandContext): void {
  const command = withValidityOptions(
    cert
      .command('issue')
      .summary('make a key and its certificate for a client, and let it in')
      .description(
        'Makes a private key and a certificate, registers the certificate with the adapter, and writes ' +
          'both to files of mode 0600. The key is kept nowhere else.',
      )
      .argument('<adapter>', 'id or name of the adapter')
      .argument('<name>', 'what events call the client; the files are called so too')
      .option('--common-name <text>', 'subject of the certificate (default: the name)')
      .option('--out <path>', 'path of the files without .crt, .key, .pem or .p12')
      .option('--single', 'certificate and key in one PEM file')
      .addOption(new Option('--p12', 'a PKCS#12 file, with a password').conflicts('single'))
      .option('--password-file <file>', 'its password, mode 0600 (default: asked for)')
      .option('--force', 'replace files that are there'),
  );
  withExamples(withApiOptions(command), [
    ['claviger cert issue vcenter vcenter-berlin', 'vcenter-berlin.crt and vcenter-berlin.key'],
    ['claviger cert issue vcenter backup --p12 --years 5', 'backup.p12; asks for a password'],
  ]);
  command.action(async (adapter: string, name: string, options: IssueOptions) => {
    const base = resolve(context.workingDirectory, options.out ?? name);
    const form = options.p12 === true ? 'p12' : options.single === true ? 'single' : 'pair';
    const password = form === 'p12' ? await passwordOf(context, options) : undefined;
    const outputs: (readonly [ReservedOutput, (made: ClientIdentity) => Content])[] = [];
    try {
      // Before there is a key that could be lost.
      for (const [end, content] of Object.entries(FORMS[form])) {
        const force = options.force === true;
        outputs.push([await reserveOutput(base + end, { force }), content]);
      }
      const { holder, made } = await withApi(context, options, async (client) => {
        const holder = await client.readAdapter(adapter);
        const made = await client.makeIdentity(holder.id, {
          name,
          commonName: options.commonName,
          validityDays: validityDaysOf(options),
          password,
        });
        return { holder, made };
      });
      for (const [output, content] of outputs) await output.write(contentOf(content(made)));
      const view = viewOf(made, holder.id);
      const files = outputs.map(([{ path }]) => path);
      await print(
        context,
        options,
        { ...view, files },
        (colors) =>
          `Made certificate ${colors.bold(view.name)} for adapter ${colors.bold(holder.name)}, with its key: ${files.join(', ')}\n` +
          formatCertificate(colors, view, []),
      );
    } finally {
      for (const [output] of outputs) await output.discard();
    }
  });
}

function contentOf(content: Content): string | Uint8Array {
  if (content !== undefined) return content;
  throw new Failure(
    'failure',
    'The API has made a certificate without the key that was asked for.',
  );
}

async function passwordOf(
  context: CommandContext,
  { passwordFile }: IssueOptions,
): Promise<string> {
  if (passwordFile === undefined) return await askPassword(context, 'the PKCS#12 file');
  const path = resolve(context.workingDirectory, passwordFile);
  const bytes = await readSecretFile('password file', path, MAX_PASSWORD_BYTES);
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
