import type { Command } from 'commander';
import { replaceLostAuditKey, rotateAuditKey } from '../../administration/rotate-audit-key.ts';
import { lostKeyOf } from '../../audit-log/signing-key.ts';
import { formatFacts } from '../../present/table.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type ConfirmOptions, confirm, YES_OPTION } from '../confirm.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface RotateOptions extends DataOptions, ConfirmOptions {
  readonly lost?: boolean;
}

const LOSS =
  'Nobody who trusts the old key of the log is led to the new one: they have to be told of it.';

export function registerAuditRotateKey(audit: Command, context: CommandContext): void {
  const command = audit
    .command('rotate-key')
    .summary('sign the log with a new key')
    .description(
      'Makes a new key that signs the log from now on. The old one signs that, in the log itself: whoever ' +
        'trusts it can verify all that follows. Works while the gateway runs.\n\n' +
        'Without the old key nobody can sign that. With --lost the new key alone does: auditors who know ' +
        'the old one must be told of the new one, and can compare with a checkpoint that they kept.',
    )
    .option('--lost', 'the old key is gone for good, and there is no backup')
    .option(...YES_OPTION);
  withExamples(withDataOptions(command), [
    ['claviger audit rotate-key', 'then tell the auditors the new key; the old one stays valid'],
    ['claviger audit rotate-key --lost', 'asks first'],
  ]);
  command.action(async (options: RotateOptions) => {
    const { lost = false } = options;
    const administrator = administratorOf(context, 'audit rotate-key');
    const rotated = await withInstallation(context, options, async (installation) => {
      if (!lost) return await rotateAuditKey(installation, administrator);
      await lostKeyOf(installation);
      await confirm(context, options, LOSS);
      return await replaceLostAuditKey(installation, administrator);
    });
    await print(
      context,
      options,
      rotated,
      (colors) =>
        `The log has a new key after event ${rotated.size}.\n${formatFacts(
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
