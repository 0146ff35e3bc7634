import type { Command } from 'commander';
import type { ManagementClient } from '../../api-client/management-client.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { resourceNameFrom } from '../resource-name.ts';
import { viewOf } from './certificate-view.ts';
import { commonNameOf } from './common-name.ts';
import { fingerprintIn } from './find-certificate.ts';
import { formatCertificate } from './format-certificate.ts';

interface TrustOptions extends ApiOptions {
  readonly adapter: string;
  readonly name?: string;
}

export function registerCertTrust(cert: Command, context: CommandContext): void {
  const command = cert.command('trust').summary('let a client in that was refused');
  addTrust(command, context, 'claviger cert trust');
}

/** `cert trust` and `refused trust` are the same command. */
export function addTrust(command: Command, context: CommandContext, name: string): void {
  command
    .description(
      'Registers a certificate that was refused with an adapter; the next connection of the client ' +
        'is let in. Compare the fingerprint with the one that the client shows before you do.',
    )
    .argument('<fingerprint>', 'SHA-256 or SHA-1, as `claviger cert refused` shows them')
    .requiredOption('--adapter <adapter>', 'id or name of the adapter')
    .option('--name <name>', 'what events call the client (default: its common name)');
  withExamples(withApiOptions(command), [
    [
      `${name} B4:52:2E:B5:3E:69:92:B5:F0:C4:1D:ED:7A:84:0F:5A:49:B1:10:51 --adapter vcenter`,
      'by SHA-1',
    ],
  ]);
  command.action(async (fingerprint: string, options: TrustOptions) => {
    const { holder, trusted } = await withApi(context, options, async (client) => {
      const holder = await client.readAdapter(options.adapter);
      const wanted = options.name ?? (await nameFor(client, fingerprint));
      const wishes = { adapter: holder.id, name: wanted };
      return { holder, trusted: await client.trustRefusedCertificate(fingerprint, wishes) };
    });
    const view = viewOf(trusted, holder.id);
    const { warnings } = trusted;
    await print(
      context,
      options,
      { ...view, warnings },
      (colors) =>
        `Trusted certificate ${colors.bold(view.name)} as a client of adapter ${colors.bold(holder.name)}.\n` +
        formatCertificate(colors, view, warnings),
    );
  });
}

async function nameFor(client: ManagementClient, text: string): Promise<string | undefined> {
  const fingerprint = fingerprintIn(text);
  const found = (await client.listRefusedCertificates()).find(
    ({ fingerprintSha256, fingerprintSha1 }) =>
      fingerprintSha256 === fingerprint || fingerprintSha1 === fingerprint,
  );
  return found === undefined ? undefined : resourceNameFrom(commonNameOf(found.subject));
}
