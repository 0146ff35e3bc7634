import type { Command } from 'commander';
import { logIn } from '../../api-client/log-in.ts';
import { Failure } from '../../failure.ts';
import { writeLine } from '../../terminal.ts';
import {
  apiKeyOf,
  destinationOf,
  type RemoteApiOptions,
  withLogInOptions,
} from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { type OutputOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface CreateOptions extends RemoteApiOptions, OutputOptions {}

export function registerTokenCreate(token: Command, context: CommandContext): void {
  const command = token
    .command('create')
    .summary('log in with an API key and print the bearer token')
    .description(
      'Logs in at the API with an API key and prints the token, for programs that call the API ' +
        'themselves. On the machine of the gateway the other commands need none.',
    );
  withExamples(withLogInOptions(command), [
    [
      'claviger token create --url https://kmip.example:8443 --api-key-file key --ca-file ca.crt',
      'the token alone',
    ],
    ['TOKEN=$(claviger token create)', 'with CLAVIGER_URL and the others set'],
  ]);
  command.action(async (options: CreateOptions) => {
    const to = await destinationOf(context, options);
    const apiKey = await apiKeyOf(context, options);
    if (apiKey === undefined) {
      throw new Failure(
        'usage',
        'An API key is needed: name its file with --api-key-file, or set CLAVIGER_API_KEY.',
      );
    }
    const { accessToken, expiresAt } = await logIn(to, apiKey);
    const expires = new Date(expiresAt * 1000).toISOString().replace('.000', '');
    await print(
      context,
      options,
      { token: accessToken, expiresAt: expires },
      () => `${accessToken}\n`,
    );
    if (options.json !== true && context.terminal.out.isTerminal) {
      await writeLine(context.terminal.err, `It is good until ${expires}; keep it as a password.`);
    }
  });
}
