import type { KeyUsage } from '@claviger/kmip-client';
import { ENUMERATIONS, type EnumerationValueName, MASKS } from '@claviger/kmip-protocol';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { countArgument, withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type ConnectionOptions, withClient, withConnectionOptions } from './connection.ts';

interface CreateOptions extends ConnectionOptions {
  readonly algorithm: EnumerationValueName<'CryptographicAlgorithm'>;
  readonly length: number;
  readonly usage: readonly KeyUsage[];
  readonly name?: string;
}

export function registerKmipCreate(kmip: Command, context: CommandContext): void {
  const command = kmip
    .command('create')
    .summary('create a symmetric key')
    .description('Creates a symmetric key and prints its Unique Identifier.')
    .addOption(
      new Option('--algorithm <algorithm>', 'Cryptographic Algorithm, e.g. AES or HMAC_SHA256')
        .choices(Object.keys(ENUMERATIONS.CryptographicAlgorithm.values))
        .default('AES'),
    )
    .option('--length <bits>', 'Cryptographic Length', countArgument(1), 256)
    .addOption(
      new Option('--usage <usage...>', 'Cryptographic Usage Mask')
        .choices(Object.keys(MASKS.CryptographicUsageMask.bits))
        .default(['Encrypt', 'Decrypt']),
    )
    .option('--name <name>', 'Name attribute');
  withExamples(withConnectionOptions(command), [
    ['claviger kmip create', 'an AES key of 256 bits, as vCenter makes them'],
    ['claviger kmip create --length 128 --name backup --json', 'with a Name, for programs'],
  ]);
  command.action(async (options: CreateOptions) => {
    const { algorithm, length: lengthBits, usage, name } = options;
    const uniqueIdentifier = await withClient(context, options, (client) =>
      client.create({ algorithm, lengthBits, usage, names: name === undefined ? [] : [name] }),
    );
    await print(
      context,
      options,
      { uniqueIdentifier },
      ({ bold, cyan }) =>
        `Created ${algorithm} key of ${lengthBits} bits: ${bold(uniqueIdentifier)}\n` +
        `It is Pre-Active; ${cyan(`claviger kmip activate ${uniqueIdentifier}`)} makes it Active.\n`,
    );
  });
}
