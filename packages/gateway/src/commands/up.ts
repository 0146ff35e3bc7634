import type { Command } from 'commander';
import type { Endpoint } from '../config/endpoint.ts';
import type { Override } from '../config/load-settings.ts';
import { jsonText } from '../present/json-text.ts';
import { formatNextSteps } from '../present/next-steps.ts';
import { readyReport } from '../ready-report.ts';
import { ensureRig } from '../rig.ts';
import { runGateway } from '../run-gateway.ts';
import { ensurePki } from '../server-certificate.ts';
import { write, writeLine } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';
import {
  endpointArgument,
  type OutputOptions,
  settingsOf,
  withExamples,
  withOutputOptions,
} from './options.ts';

interface UpOptions extends OutputOptions {
  readonly dataDir?: string;
  readonly kmip?: Endpoint;
  readonly api?: Endpoint;
}

export function registerUp(program: Command, context: CommandContext): void {
  const command = program
    .command('up')
    .summary('start everything for a first try, made where missing')
    .description(
      'Starts a gateway and makes, where missing: the data directory with its master key, a small PKI, ' +
        'and an adapter `vcenter` that the client certificate of that PKI may use. ' +
        'Runs until SIGTERM or SIGINT.',
    )
    .option('--data-dir <directory>', 'where everything is kept (default: ./data)')
    .option(
      '--kmip <host:port>',
      'where KMIP is listened for, in place of the first listener of the configuration (default: 0.0.0.0:5696)',
      endpointArgument,
    )
    .option(
      '--api <host:port>',
      'where the API is listened for (default: 127.0.0.1:8443)',
      endpointArgument,
    );
  withExamples(withOutputOptions(command), [
    ['claviger up', 'on port 5696 of all addresses, data in ./data'],
    ['claviger up --data-dir /var/lib/claviger --kmip 10.0.0.5:5696', 'elsewhere'],
    ['claviger up --kmip 127.0.0.1:0 --api 127.0.0.1:0 --json', 'free ports; one line says which'],
  ]);
  command.action((options: UpOptions) => up(context, options));
}

async function up(context: CommandContext, options: UpOptions): Promise<void> {
  const { out } = context.terminal;
  const settings = await settingsOf(context, options, listenOverrides(options));
  await runGateway(context, settings, {
    async prepare({ installation }) {
      const { directory, ambient } = installation;
      const pki = await ensurePki(settings, directory, ambient.clock.now);
      return { pki, rig: await ensureRig(installation, pki.client) };
    },
    async announce(addresses, gateway, { pki, rig }) {
      const report = readyReport(addresses, gateway, pki, rig);
      if (options.json === true) await writeLine(out, jsonText(report));
      else await write(out, formatNextSteps(report, out.colors));
    },
  });
}

/** The address alone: whatever else the configuration says of that listener holds. */
function listenOverrides({ kmip, api }: UpOptions): readonly Override[] {
  return [
    ...(kmip === undefined ? [] : addressOverrides(['kmip', 'listeners', 0], kmip)),
    ...(api === undefined ? [] : addressOverrides(['api'], api)),
  ];
}

function addressOverrides(path: Override['path'], { host, port }: Endpoint): readonly Override[] {
  return [
    { path: [...path, 'host'], value: host },
    { path: [...path, 'port'], value: port },
  ];
}
