import { parseCheckpoint, parseNote } from '@claviger/audit-log';
import type { Command } from 'commander';
import { LOG_KEY_SETTING } from '../../audit-log/log-store.ts';
import { Failure } from '../../failure.ts';
import { withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

export function registerAuditCheckpoint(audit: Command, context: CommandContext): void {
  const command = audit
    .command('checkpoint')
    .summary('print the newest checkpoint of the log')
    .description(
      'Prints the newest checkpoint: a signed note (C2SP) over all events so far. Whoever keeps it ' +
        'elsewhere can show later that nothing of that was changed or cut off.',
    );
  withExamples(withDataOptions(command), [
    ['claviger audit checkpoint > checkpoint.txt', 'to be kept where the gateway cannot write'],
  ]);
  command.action(async (options: DataOptions) => {
    const { newest, publicKey } = await withInstallation(context, options, async ({ store }) => ({
      newest: await store.newestCheckpoint(),
      publicKey: await store.readSetting(LOG_KEY_SETTING),
    }));
    if (newest === undefined) {
      throw new Failure(
        'refused',
        'The log has no checkpoint yet: it is made while a gateway runs.',
      );
    }
    const { note, size, createdAt } = newest;
    const { origin, rootHash } = parseCheckpoint(parseNote(note).text);
    const value = {
      origin,
      size,
      rootHash: Buffer.from(rootHash).toString('base64'),
      createdAt: new Date(createdAt).toISOString(),
      publicKey,
      note,
    };
    await print(context, options, value, () => note);
  });
}
