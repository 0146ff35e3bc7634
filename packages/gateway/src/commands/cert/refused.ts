import { colonForm, parseFingerprint } from '@claviger/pki';
import type { Command } from 'commander';
import { formatFacts } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerCertRefused(cert: Command, context: CommandContext): void {
  const command = cert.command('refused').summary('list certificates that were refused, and why');
  addRefusedList(command, context, 'claviger cert refused');
}

/** `cert refused` and `refused list` are the same command. */
export function addRefusedList(command: Command, context: CommandContext, name: string): void {
  command.description(
    'Lists the certificates that clients have shown and were refused with, newest first. ' +
      'Repeated attempts are counted by the minute.',
  );
  withExamples(withApiOptions(command), [
    [name, 'for people'],
    [`${name} --json`, 'for programs'],
  ]);
  command.action(async (options: ApiOptions) => {
    const refused = await withApi(context, options, (client) => client.listRefusedCertificates());
    await print(context, options, refused, (colors) => {
      if (refused.length === 0) return 'No refused certificate is on the list.\n';
      return refused
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
        .join('\n');
    });
  });
}
