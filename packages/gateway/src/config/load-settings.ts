/** Brings the settings together: command line over environment over file over defaults. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse as parseToml, TomlError } from 'smol-toml';
import { Failure } from '../failure.ts';
import { ConfigError } from './config-error.ts';
import { describeIssue } from './describe-issue.ts';
import { originOf, readEnvironment } from './environment.ts';
import { type Settings, settingsSchema } from './settings-schema.ts';
import { SINK_PATHS } from './sink-settings.ts';

/** A value from the command line, already of the right type. */
export interface Override {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

export interface SettingsSources {
  /** Path of a TOML file, or undefined when there is none. */
  readonly configFile?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly overrides: readonly Override[];
  /** What relative paths from the environment and the command line are relative to. */
  readonly workingDirectory: string;
}

/** Settings that are paths; those in a file are relative to the file. */
const PATH_SETTINGS: readonly (readonly string[])[] = [
  ['data_dir'],
  ['tls', 'certificate_file'],
  ['tls', 'key_file'],
  ['tls', 'profiles_file'],
  ['api', 'metrics_token_file'],
  ['clients', 'authority_certificate_file'],
  ['clients', 'authority_key_file'],
  ['master_key', 'file'],
  ['master_key', 'passphrase_file'],
];

type Path = readonly (string | number)[];

/** Those of this tree, each sink's among them. */
function pathSettingsIn(tree: unknown): readonly Path[] {
  const sinks = valueAt(tree, ['audit', 'sinks']);
  const ofSinks = (Array.isArray(sinks) ? [...sinks.keys()] : []).flatMap((index) =>
    SINK_PATHS.map((name): Path => ['audit', 'sinks', index, name]),
  );
  return [...PATH_SETTINGS, ...ofSinks];
}

/**
 * Loads and checks the settings; paths in the result are absolute.
 *
 * @throws ConfigError with every problem that was found; Failure `usage` when the file cannot be read.
 */
export async function loadSettings(sources: SettingsSources): Promise<Settings> {
  const tree = sources.configFile === undefined ? {} : await readConfigFile(sources.configFile);
  const fromEnvironment = readEnvironment(sources.environment);
  for (const { path, value } of [...fromEnvironment, ...sources.overrides]) {
    setValue(tree, path, value);
  }
  const parsed = settingsSchema.safeParse(tree);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.flatMap((issue) =>
        describeIssue(issue, (path) => originOf(fromEnvironment, path)),
      ),
    );
  }
  const settings = parsed.data;
  for (const path of pathSettingsIn(settings)) {
    const value = valueAt(settings, path);
    if (typeof value === 'string') {
      setValue(settings, path, resolve(sources.workingDirectory, value));
    }
  }
  return settings;
}

type Tree = Record<string, unknown>;

async function readConfigFile(path: string): Promise<Tree> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new Failure('usage', `The configuration file ${path} cannot be read (${reason}).`, {
      cause,
    });
  }
  let tree: Tree;
  try {
    tree = parseToml(text);
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const [firstLine = ''] = cause.message.split('\n');
    throw new ConfigError([`${path}:${cause.line}:${cause.column}: ${firstLine}`], { cause });
  }
  for (const setting of pathSettingsIn(tree)) {
    const value = valueAt(tree, setting);
    if (typeof value === 'string') setValue(tree, setting, resolve(dirname(path), value));
  }
  return tree;
}

function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce((at: unknown, name) => {
    if (!isTree(at) && !Array.isArray(at)) return undefined;
    return Object.getOwnPropertyDescriptor(at, name)?.value;
  }, tree);
}

/** Sets a value in place; what stands in the way is left for the schema to refuse. */
function setValue(tree: Tree, path: Path, value: unknown): void {
  let at: unknown = tree;
  path.forEach((part, depth) => {
    if (!isTree(at) && !Array.isArray(at)) return;
    const container = at as Record<string | number, unknown>; // a list is indexed by its numbers
    if (depth === path.length - 1) {
      container[part] = value;
      return;
    }
    container[part] ??= typeof path[depth + 1] === 'number' ? [] : {};
    at = container[part];
  });
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
