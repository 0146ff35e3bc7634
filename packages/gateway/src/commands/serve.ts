import type { Command } from 'commander';
import { jsonText } from '../present/json-text.ts';
import { runGateway } from '../run-gateway.ts';
import { writeLine } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';
import { type DataOptions, settingsOf, withDataOptions, withExamples } from './options.ts';

export function registerServe(program: Command, context: CommandContext): void {
  const command = program
    .command('serve')
    .summary('start a gateway as a configuration file says')
    .description(
      'Starts a gateway. Settings come from the file, environment variables (CLAVIGER_...) and the ' +
        'command line, the later ones counting more. The data directory, and a server certificate ' +
        'unless the settings name one, are made where missing; adapters are not. ' +
        'Runs until SIGTERM or SIGINT.',
    );
  withExamples(withDataOptions(command), [
    ['claviger serve --config /etc/claviger/claviger.toml', 'settings from a file'],
    ['CLAVIGER_KMIP__LISTENERS__0__PORT=15696 claviger serve', 'another port'],
  ]);
  command.action((options: DataOptions) => serve(context, options));
}

async function serve(context: CommandContext, options: DataOptions): Promise<void> {
  const settings = await settingsOf(context, options);
  await runGateway(context, settings, {
    async prepare() {},
    async announce({ kmip, api }, { installation }) {
      if (options.json !== true) return; // the log has said it
      const dataDir = installation.directory.path;
      await writeLine(context.terminal.out, jsonText({ ready: true, kmip, api, dataDir }));
    },
  });
}
