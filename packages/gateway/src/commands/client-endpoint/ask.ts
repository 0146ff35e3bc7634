import { type Command, InvalidArgumentError } from 'commander';
import { formatFacts } from '../../present/table.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { withExamples } from '../options.ts';
import { print } from '../print.ts';
import { findEndpoint } from './find-endpoint.ts';

interface AskOptions extends ApiOptions {
  readonly address?: string;
  readonly versions?: true;
  readonly functions?: readonly string[];
  /** Not `version`, which the program has. */
  readonly kmipVersion?: string;
}

export function registerClientEndpointAsk(endpoint: Command, context: CommandContext): void {
  const command = endpoint
    .command('ask')
    .summary('ask a client what it can do, or which versions it speaks')
    .description(
      'Has the gateway ask a client with Query, or with Discover Versions. It is asked once, over the ' +
        'connection and with the certificate of the settings: so this also tries whether they are right.',
    )
    .argument('<adapter>', 'id or name of the adapter')
    .option('--address <host:port>', 'which of its clients, when it has several')
    .option('--functions <names>', 'query functions, separated by commas', namesIn)
    .option('--versions', 'ask for its versions instead')
    .option('--kmip-version <version>', 'in which version it is asked');
  withExamples(withApiOptions(command), [
    ['claviger client-endpoint ask storage', 'what it can do'],
    ['claviger client-endpoint ask storage --versions', 'which versions it speaks'],
  ]);
  command.action(async (adapter: string, options: AskOptions) => {
    const { functions, kmipVersion: version } = options;
    const answered = await withApi(context, options, async (client) => {
      const { address } = await findEndpoint(client, adapter, options.address);
      return options.versions
        ? await client.discoverClientVersions(adapter, address, { version })
        : await client.queryClient(adapter, address, { version, functions });
    });
    await print(context, options, answered, (colors) =>
      formatFacts(colors, [
        ['address', answered.address],
        ...Object.entries(answered.answer).map(([name, value]) => [name, inWords(value)] as const),
      ]),
    );
  });
}

function namesIn(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Write names, separated by commas.');
  return names;
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
