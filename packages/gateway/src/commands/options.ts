/** Options that many commands have, and how their texts are read. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Endpoint, parseEndpoint } from '../config/endpoint.ts';
import { loadSettings, type Override } from '../config/load-settings.ts';
import type { Settings } from '../config/settings-schema.ts';
import type { CommandContext } from './command-context.ts';

export interface OutputOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export interface DataOptions extends OutputOptions {
  readonly dataDir?: string;
  readonly config?: string;
}

export function withOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON, for programs')
    .option('--verbose', 'log everything, and show where an error came from');
}

/** For commands that work on a data directory. */
export function withDataOptions(command: Command): Command {
  return withOutputOptions(
    command
      .option('--data-dir <directory>', 'where the gateway keeps everything (default: ./data)')
      .option('--config <file>', 'configuration file of the gateway (TOML)'),
  );
}

/** The settings that a command works with. */
export async function settingsOf(
  context: CommandContext,
  options: DataOptions,
  overrides: readonly Override[] = [],
): Promise<Settings> {
  const { dataDir, verbose } = options;
  return await loadSettings({
    configFile: options.config ?? context.environment['CLAVIGER_CONFIG'],
    environment: context.environment,
    overrides: [
      ...(dataDir === undefined ? [] : [{ path: ['data_dir'], value: dataDir }]),
      ...(verbose === true ? [{ path: ['log', 'level'], value: 'debug' }] : []),
      ...overrides,
    ],
    workingDirectory: context.workingDirectory,
  });
}

export function endpointArgument(text: string): Endpoint {
  const endpoint = parseEndpoint(text);
  if (endpoint !== undefined) return endpoint;
  throw new InvalidArgumentError('It must be HOST:PORT, e.g. 127.0.0.1:5696 or [::1]:5696.');
}

/** A whole number from `from`. */
export function countArgument(from: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d{1,15}$/.test(text) && count >= from) return count;
    throw new InvalidArgumentError(`It must be a whole number from ${from}.`);
  };
}

/** Adds examples below the help of a command. */
export function withExamples(
  command: Command,
  examples: readonly (readonly [example: string, meaning: string])[],
): Command {
  const width = Math.max(...examples.map(([example]) => example.length));
  const lines = examples.map(([example, meaning]) => `  ${example.padEnd(width)}  # ${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
