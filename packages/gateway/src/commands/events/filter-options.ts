/** The filters that `events list` and `events tail` have in common, and what they ask of the API. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ManagementClient } from '../../api-client/management-client.ts';

export interface FilterOptions {
  readonly action?: readonly string[];
  readonly severity?: readonly string[];
  readonly outcome?: readonly string[];
  readonly initiator?: string;
  readonly target?: string;
  readonly adapter?: string;
  readonly text?: string;
  readonly correlation?: string;
}

const list = (text: string, before: readonly string[] = []) => [...before, ...text.split(',')];

export function withFilterOptions(command: Command): Command {
  return command
    .option(
      '--action <actions>',
      'only these actions, with commas between; one * stands for any text, earlier names count',
      list,
    )
    .option('--severity <severities>', 'only normal, warning or critical', list)
    .option('--outcome <outcomes>', 'only success or failure', list)
    .option('--initiator <id>', 'only of this initiator, e.g. CertificateID-<fingerprint>')
    .option('--target <id>', 'only about this: an object, adapter or key, or its CRN')
    .option('--adapter <adapter>', 'only of this adapter (id or name)')
    .option('--text <text>', 'only with this text somewhere, whatever the case of its letters')
    .option('--correlation <id>', 'only of this API request or KMIP message');
}

const UUID_FORM = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The filters as parameters of the API. */
export async function filterQuery(
  client: ManagementClient,
  options: FilterOptions,
): Promise<URLSearchParams> {
  const { action, severity, outcome, initiator, target, text, correlation } = options;
  // An adapter that was deleted is known by its id alone.
  const adapter =
    options.adapter === undefined || UUID_FORM.test(options.adapter)
      ? options.adapter
      : (await client.readAdapter(options.adapter)).id;
  const given: Readonly<Record<string, string | undefined>> = {
    action: action?.join(),
    severity: severity?.join(),
    outcome: outcome?.join(),
    initiator,
    target,
    adapter,
    text,
    correlation_id: correlation,
  };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) query.set(name, value);
  }
  return query;
}

const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const AGO = /^(?<count>\d{1,6})(?<unit>[smhdw])$/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * A point in time: `90m`, `24h` or `7d` ago, a day, or a time; days and times without a zone are local.
 *
 * @returns milliseconds since the epoch.
 */
export function timeArgument(clock: { now(): number }): (text: string) => number {
  return (text) => {
    const { count, unit } = AGO.exec(text)?.groups ?? {};
    if (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' || unit === 'w') {
      return clock.now() - Number(count) * UNITS_MS[unit];
    }
    // Without the time the language takes a day for one of UTC.
    const time = Date.parse(DAY.test(text) ? `${text}T00:00` : text);
    if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time)) return time;
    throw new InvalidArgumentError(
      'It must be a time, e.g. 2026-03-02, 2026-03-02T09:14 or 2026-03-02T09:14:07Z, or how long ago, e.g. 90m, 24h, 7d.',
    );
  };
}
