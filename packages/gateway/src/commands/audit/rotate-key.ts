import type { Command } from 'commander';
import { rotateAuditKey } from '../../administration/rotate-audit-key.ts';
import { formatFacts } from '../../present/table.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerAuditRotateKey(audit: Command, context: CommandContext): void {
  const command = audit
    .command('rotate-key')
    .summary('sign the log with a new key')
    .description(
      'Makes a new key that signs the log from now on. The old one signs that, in the log itself: whoever ' +
        'trusts it can verify all that follows. Works while the gateway runs.',
    );
  withExamples(withDataOptions(command), [
    ['claviger audit rotate-key', 'then tell the auditors the new key; the old one stays valid'],
  ]);
  command.action(async (options: DataOptions) => {
    const rotated = await withInstallation(context, options, (installation) =>
      rotateAuditKey(installation, administratorOf(context, 'audit rotate-key')),
    );
    await print(
      context,
      options,
      rotated,
      (colors) =>
        `The log has a new key from event ${rotated.size + 1} on.\n${formatFacts(
          colors,
          [
            ['Old public key', rotated.from],
            ['New public key', rotated.to],
          ],
          '  ',
        )}`,
    );
  });
}
