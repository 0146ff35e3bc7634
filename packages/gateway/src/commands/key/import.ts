import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Failure } from '../../failure.ts';
import { readSecretFile } from '../../secret-file.ts';
import { withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { type NewKeyOptions, withNewKeyOptions } from './create.ts';

const KEY_BYTES = 32;
const MAX_FILE_BYTES = 256;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;

export function registerKeyImport(key: Command, context: CommandContext): void {
  const command = withNewKeyOptions(
    key
      .command('import')
      .summary('bring a root key along')
      .description(
        'Takes a root key that was made elsewhere: 32 bytes, as they are or in base64. The file is ' +
          'read by its owner only; delete it when the key is kept somewhere safe.',
      )
      .argument('<name>', 'what people call it')
      .argument('<file>', 'the key, mode 0600'),
  );
  withExamples(withApiOptions(command), [
    ['claviger key import tenant-a tenant-a.key', 'a key that the tenant has made'],
  ]);
  command.action(async (name: string, file: string, options: NewKeyOptions) => {
    const payload = await readPayload(resolve(context.workingDirectory, file));
    const { description, alias } = options;
    const imported = await withApi(context, options, (client) =>
      client.createKey({ name, description, aliases: alias, payload }),
    );
    await print(
      context,
      options,
      imported,
      ({ bold }) => `Imported root key ${bold(imported.name)} (${imported.id}).\n`,
    );
  });
}

/** Base64 of the key. */
async function readPayload(path: string): Promise<string> {
  const bytes = Buffer.from(await readSecretFile('key file', path, MAX_FILE_BYTES));
  try {
    if (bytes.length === KEY_BYTES) return bytes.toString('base64');
    const text = bytes.toString('latin1').trim();
    if (BASE64.test(text)) return text;
  } finally {
    bytes.fill(0);
  }
  throw new Failure(
    'data',
    `The key file ${path} must hold ${KEY_BYTES} bytes, or these in base64.`,
  );
}
