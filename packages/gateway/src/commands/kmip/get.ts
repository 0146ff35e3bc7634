import { createHash } from 'node:crypto';
import type { RetrievedObject } from '@claviger/kmip-client';
import type { Command } from 'commander';
import { formatFacts } from '../../present/table.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type ConnectionOptions, withClient, withConnectionOptions } from './connection.ts';

interface GetOptions extends ConnectionOptions {
  readonly showKey?: boolean;
}

export function registerKmipGet(kmip: Command, context: CommandContext): void {
  const command = kmip
    .command('get')
    .summary('get a key')
    .description(
      'Gets an object. Its key material is told apart by length and digest, and shown only on demand.',
    )
    .argument('<id>', 'Unique Identifier')
    .option('--show-key', 'show the key material itself');
  withExamples(withConnectionOptions(command), [
    ['claviger kmip get d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d', 'length and digest of the key'],
    ['claviger kmip get d2a7c9e0-5b14-4f38-8c6d-1e9f0a2b3c4d --show-key', 'the key itself'],
  ]);
  command.action(async (id: string, options: GetOptions) => {
    await withClient(context, options, async (client) => {
      const object = await client.get(id);
      try {
        const shown = toShown(object, options.showKey === true);
        await print(context, options, shown, (colors) =>
          formatFacts(
            colors,
            Object.entries(shown).map(([name, value]) => [name, String(value)]),
          ),
        );
      } finally {
        object.material?.fill(0);
      }
    });
  });
}

function toShown(object: RetrievedObject, showKey: boolean): Readonly<Record<string, unknown>> {
  const { uniqueIdentifier, objectType, material, keyFormatType, isWrapped } = object;
  return {
    uniqueIdentifier,
    objectType,
    ...(object.cryptographicAlgorithm !== undefined && {
      cryptographicAlgorithm: object.cryptographicAlgorithm,
    }),
    ...(object.cryptographicLength !== undefined && {
      cryptographicLength: object.cryptographicLength,
    }),
    ...(keyFormatType !== undefined && { keyFormatType }),
    ...(isWrapped && { isWrapped }),
    ...(material !== undefined && {
      materialBytes: material.length,
      materialSha256: createHash('sha256').update(material).digest('hex'),
      ...(showKey && { material: Buffer.from(material).toString('hex') }),
    }),
  };
}
