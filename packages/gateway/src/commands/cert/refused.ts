import { colonForm, parseFingerprint } from '@claviger/pki';
import type { Command } from 'commander';
import { listRefusedCertificates } from '../../administration/refused-certificates.ts';
import { toJsonRefusedCertificate } from '../../present/records.ts';
import { formatFacts } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerCertRefused(cert: Command, context: CommandContext): void {
  const command = cert
    .command('refused')
    .summary('list certificates that were refused, and why')
    .description(
      'Lists the certificates that clients have shown and were refused with, newest first. ' +
        'Repeated attempts are counted by the minute.',
    );
  withExamples(withDataOptions(command), [['claviger cert refused --json', 'for programs']]);
  command.action(async (options: DataOptions) => {
    const refused = await withInstallation(context, options, (installation) =>
      listRefusedCertificates(installation, administratorOf(context, 'cert refused')),
    );
    await print(context, options, refused.map(toJsonRefusedCertificate), (colors) =>
      refused
        .map((one) =>
          formatFacts(colors, [
            ['Subject', one.subject],
            ['Reason', one.reason],
            ['SHA-1', colonForm(parseFingerprint(one.fingerprintSha1))],
            ['SHA-256', colonForm(parseFingerprint(one.fingerprintSha256))],
            ['Address', one.address],
            ['First', formatTime(one.firstAt)],
            ['Last', formatTime(one.lastAt)],
            ['Attempts', String(one.attempts)],
          ]),
        )
        .join('\n'),
    );
  });
}
