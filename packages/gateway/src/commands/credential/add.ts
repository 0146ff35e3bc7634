import type { Command } from 'commander';
import { Failure } from '../../failure.ts';
import { formatFacts } from '../../present/table.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { readInput } from '../read-input.ts';
import { resourceNameFrom } from '../resource-name.ts';
import { parseDevice } from './device-fields.ts';

interface AddOptions extends ApiOptions {
  readonly name?: string;
  readonly user?: string;
  readonly device?: readonly string[];
  readonly passwordFile?: string;
  readonly hashed?: true;
  readonly oneTime?: true;
}

const MAX_PASSWORD_BYTES = 1024;
/** Of a password that is made here: 192 bits. */
const PASSWORD_BYTES = 24;

export function registerCredentialAdd(credential: Command, context: CommandContext): void {
  const command = credential
    .command('add')
    .summary('let clients show that they are a user or a device')
    .description(
      'Adds a user or a device to an adapter. Without a file, a user gets a password that is made here ' +
        'and shown this once: only a salted hash of it is kept.',
    )
    .argument('<adapter>', 'id or name of the adapter')
    .option('--user <username>', 'a user, as clients write it')
    .option(
      '--device <field=value...>',
      'a device: serial-number, identifier, network, machine or media',
    )
    .option('--name <name>', 'what its objects belong to (default: of the user or device)')
    .option('--password-file <file>', 'the password, one line; - reads standard input')
    .option('--hashed', 'clients may show a Hashed Password (KMIP 2.x), too')
    .option('--one-time', 'clients must show a One Time Password (KMIP 2.x) as well');
  withExamples(withApiOptions(command), [
    ['claviger credential add vcenter --user backup', 'with a password made here'],
    ['claviger credential add tape --device serial-number=S1 identifier=D1', 'a device'],
  ]);
  command.action(async (adapter: string, options: AddOptions) => {
    const { user, hashed = false, oneTime = false } = options;
    const device = options.device && parseDevice(options.device);
    if ((user === undefined) === (device === undefined)) {
      throw new Failure('usage', 'Say who it is: --user, or --device, and not both.');
    }
    const shownAs = user ?? Object.values(device ?? {}).join('-');
    const name = options.name ?? resourceNameFrom(shownAs);
    if (name === undefined) {
      throw new Failure('usage', 'Name it by --name: no name can be made of what clients show.');
    }
    const read = await passwordIn(context, options.passwordFile);
    const made = read === undefined && user !== undefined ? newPassword(context) : undefined;
    const password = read ?? made;
    const { holder, added } = await withApi(context, options, async (client) => {
      const holder = await client.readAdapter(adapter);
      const wishes = { name, username: user, device, password, hashed, oneTime };
      return { holder, added: await client.addCredential(holder.id, wishes) };
    });
    const shown = made === undefined ? added : { ...added, password: made };
    await print(
      context,
      options,
      { ...shown, adapterId: holder.id },
      (colors) =>
        `Added credential ${colors.bold(added.name)} to adapter ${colors.bold(holder.name)}.\n` +
        formatFacts(
          colors,
          [
            ['Id', added.id],
            ['Shows', added.identity],
            ...(made === undefined ? [] : [['Password', made] as const]),
            ...(added.oneTimeSecret === null
              ? []
              : [['One-time secret', added.oneTimeSecret] as const]),
          ],
          '  ',
        ) +
        (made === undefined && added.oneTimeSecret === null
          ? ''
          : 'Secrets are shown this once; keep them as you keep a password.\n'),
    );
  });
}

/** The first line of the file. */
async function passwordIn(
  context: CommandContext,
  file: string | undefined,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const bytes = await readInput(context, file, MAX_PASSWORD_BYTES);
  const [password = ''] = Buffer.from(bytes).toString('utf8').split(/\r?\n/);
  if (password === '') {
    throw new Failure('data', 'The password must stand in the first line; that is empty.');
  }
  return password;
}

function newPassword({ ambient }: CommandContext): string {
  return Buffer.from(ambient.randomness.bytes(PASSWORD_BYTES)).toString('base64url');
}
