/** The event log as an auditor reads it: by the command line, also while the gateway runs. */

import { type AuditEvent, parseAuditEvent } from '@claviger/audit-emitter';
import { clavigerJson, runClaviger } from './gateway-process.ts';

/** What nobody has done that is tested. */
const BESIDE: ReadonlySet<string> = new Set(['claviger.audit-events.read', 'claviger.alert.fire']);

/**
 * Events, oldest first, without those that tell of such readings, and without alerts.
 *
 * @throws Error when one is none.
 */
export async function readEvents(dataDirectory: string): Promise<AuditEvent[]> {
  const events = await readEveryEvent(dataDirectory);
  return events.filter(({ action }) => !BESIDE.has(action));
}

/**
 * Events, oldest first. Each reading leaves one more, which it does not show.
 *
 * @param after - Only those after this place in the log.
 * @throws Error when one is none.
 */
export async function readEveryEvent(dataDirectory: string, after = 0): Promise<AuditEvent[]> {
  const lines = await clavigerJson([...listCommand(dataDirectory, after)]);
  return lines.map(parseAuditEvent);
}

/** The places of events in the log, which people are shown in front of each. */
export async function readPlaces(dataDirectory: string, after = 0): Promise<number[]> {
  const { exitCode, stdout, stderr } = await runClaviger(listCommand(dataDirectory, after));
  if (exitCode !== 0) throw new Error(`The events cannot be listed: ${stderr}`);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [Number.parseInt(line, 10)]));
}

function listCommand(dataDirectory: string, after: number): readonly string[] {
  return ['events', 'list', '--data-dir', dataDirectory, '--after', String(after)];
}

/** The identifier of the object that an event is about; undefined when it is about none. */
export function objectOf({ target }: AuditEvent): string | undefined {
  const [type, ...resource] = target.id.split(':').slice(8);
  return type === 'kmip_object' ? resource.join(':') : undefined;
}
