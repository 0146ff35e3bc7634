import { ENUMERATIONS, type EnumerationValueName } from '@claviger/kmip-protocol';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type ConnectionOptions, withClient, withConnectionOptions } from './connection.ts';

interface RevokeOptions extends ConnectionOptions {
  readonly reason: EnumerationValueName<'RevocationReasonCode'>;
  readonly message?: string;
}

const COMPROMISES: ReadonlySet<string> = new Set(['KeyCompromise', 'CACompromise']);

export function registerKmipRevoke(kmip: Command, context: CommandContext): void {
  const command = kmip
    .command('revoke')
    .summary('deactivate a key, or declare it compromised')
    .description(
      'Deactivates an Active object; with a compromise as its reason, any object is Compromised.',
    )
    .argument('<id>', 'Unique Identifier')
    .addOption(
      new Option('--reason <reason>', 'Revocation Reason Code')
        .choices(Object.keys(ENUMERATIONS.RevocationReasonCode.values))
        .default('CessationOfOperation'),
    )
    .option('--message <text>', 'Revocation Message');
  withExamples(withConnectionOptions(command), [
    ['claviger kmip revoke d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d', 'no longer needed'],
    [
      'claviger kmip revoke d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d --reason KeyCompromise',
      'it leaked',
    ],
  ]);
  command.action(async (uniqueIdentifier: string, options: RevokeOptions) => {
    const { reason, message } = options;
    // A compromise must say since when (1.4 §4.20); here nobody knows better than now.
    const compromiseOccurrenceDate = COMPROMISES.has(reason)
      ? Math.floor(context.ambient.clock.now() / 1000)
      : undefined;
    await withClient(context, options, (client) =>
      client.revoke(uniqueIdentifier, { reason, message, compromiseOccurrenceDate }),
    );
    await print(
      context,
      options,
      { uniqueIdentifier, reason },
      () => `Revoked ${uniqueIdentifier} (${reason}).\n`,
    );
  });
}
