/**
 * Settings from environment variables: `CLAVIGER_` and the path in capitals, levels separated by two
 * underscores, places in lists by their number. Lists of texts or numbers are separated by commas.
 */
import type { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { nearestName } from './nearest-name.ts';
import { listSettings, type Setting, VARIABLE_PREFIX } from './setting-table.ts';

/** One value and where it came from. */
export interface GivenValue {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
  /** Name of the variable. */
  readonly origin: string;
}

/** By which commands find an API on another machine; see `commands/api-options.ts`. */
const CLIENT_VARIABLES = [
  'URL',
  'INSTANCE',
  'CA_FILE',
  'API_KEY',
  'API_KEY_FILE',
  'TOKEN',
  'TOKEN_FILE',
] as const;

/** Variables that mean something to the command rather than to the settings. */
const OTHER_VARIABLES: ReadonlySet<string> = new Set(
  ['CONFIG', ...CLIENT_VARIABLES].map((name) => `${VARIABLE_PREFIX}${name}`),
);

/**
 * What Kubernetes puts into every container for a service that is named `claviger` or `claviger-...`;
 * with two underscores between levels no setting can look like it.
 */
const KUBERNETES_LINK = /_(?:SERVICE_HOST|(?:SERVICE_)?PORT(?:_[A-Z0-9_]+)?)$/;

/** @throws ConfigError for a variable of ours that names no setting, or whose text is no value of it. */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): readonly GivenValue[] {
  const settings = listSettings();
  const problems: string[] = [];
  const given: GivenValue[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(VARIABLE_PREFIX) || text === undefined || OTHER_VARIABLES.has(name)) {
      continue;
    }
    const setting = settings.find(({ variable }) => variable === withoutNumbers(name));
    if (setting !== undefined) {
      given.push({ path: pathOf(name), value: valueFrom(setting, text), origin: name });
    } else if (name.includes('__') || !KUBERNETES_LINK.test(name)) {
      problems.push(unknownVariable(name, settings));
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return given;
}

function withoutNumbers(name: string): string {
  return name.replaceAll(/__\d+(?=__|$)/g, '__N');
}

function pathOf(name: string): readonly (string | number)[] {
  const parts = name.slice(VARIABLE_PREFIX.length).toLowerCase().split('__');
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** What the text cannot be read as stays a text, which the schema then refuses with its own words. */
function valueFrom({ kind }: Setting, text: string): unknown {
  switch (kind) {
    case 'number':
      return numberFrom(text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return partsOf(text);
    case 'numbers':
      return partsOf(text).map(numberFrom);
    case 'text':
      return text;
  }
}

function numberFrom(text: string): number | string {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

function partsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map((part) => part.trim());
}

function unknownVariable(name: string, settings: readonly Setting[]): string {
  const nearest = nearestName(
    withoutNumbers(name),
    settings.map(({ variable }) => variable),
  );
  const hint = nearest === undefined ? 'see the list in the README' : `did you mean ${nearest}?`;
  return `${name}: is no setting; ${hint}`;
}

/** The variable from which the value at `path` came, if any. */
export function originOf(
  given: readonly GivenValue[],
  path: z.core.$ZodIssue['path'],
): string | undefined {
  const wanted = path.join('.');
  return given.find((value) => value.path.join('.') === wanted)?.origin;
}
