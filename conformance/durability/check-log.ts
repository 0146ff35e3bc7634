/** Compares the event log with what was acknowledged: each deed once, in its order, and nothing else. */

import type { AuditEvent } from '@claviger/audit-emitter';
import { objectOf, readEveryEvent, readPlaces } from '../event-log.ts';
import { apply, type EventMark, type TrackedKey } from './tracked-key.ts';

/** The log as it was read so far. */
export interface LogCopy {
  /** Ids of all events, in their order. */
  readonly ids: string[];
  /** Events about each key, in their order. */
  readonly byKey: Map<string, EventMark[]>;
}

export function newLogCopy(): LogCopy {
  return { ids: [], byKey: new Map() };
}

export function addToCopy({ ids, byKey }: LogCopy, events: readonly AuditEvent[]): void {
  for (const event of events) {
    ids.push(event.id);
    const id = objectOf(event);
    if (id === undefined) continue;
    const marks = byKey.get(id) ?? [];
    marks.push(`${event.action} ${event.outcome}`);
    byKey.set(id, marks);
  }
}

/** Reads what is new in the log into the copy, and says what is wrong with its numbers and ids. */
export async function readOn(copy: LogCopy, dataDirectory: string): Promise<string[]> {
  const after = copy.ids.length;
  const events = await readEveryEvent(dataDirectory, after);
  addToCopy(copy, events);
  // The reading before has left an event of its own.
  const places = (await readPlaces(dataDirectory, after)).slice(0, events.length);
  const isGapless =
    places.length === events.length && places.every((place, at) => place === after + at + 1);
  return [
    ...(isGapless ? [] : [`The places in the log after ${after} are not one after the other.`]),
    ...(new Set(copy.ids).size === copy.ids.length ? [] : ['An event id stands twice in the log.']),
  ];
}

/** Reads the whole log once more: what was there must have stayed. */
export async function checkCopy(copy: LogCopy, dataDirectory: string): Promise<string[]> {
  const events = await readEveryEvent(dataDirectory);
  const hasStayed = copy.ids.every((id, at) => events[at]?.id === id);
  return hasStayed ? [] : ['The log is not what it was before.'];
}

export interface SettledKey {
  /** Whether a message that was under way had been committed. */
  readonly wasCommitted: boolean;
  readonly problem: string | undefined;
}

/**
 * Compares the events of a key, and finds out by them what became of the message that was under way: it is
 * applied when the log has it, else forgotten.
 */
export function checkEvents(key: TrackedKey, found: readonly EventMark[]): SettledKey {
  const { underWay, events } = key;
  key.underWay = undefined;
  if (isSame(found, events)) return { wasCommitted: false, problem: undefined };
  if (underWay !== undefined && isSame(found, [...events, ...underWay.events])) {
    apply(key, underWay);
    return { wasCommitted: true, problem: undefined };
  }
  const at = found.findIndex((mark, index) => mark !== events[index]);
  const problem =
    `${describe(key)} has ${found.length} events in the log and ${events.length} were acknowledged, ` +
    `with ${underWay?.events.join(', ') ?? 'nothing'} under way. ` +
    `From number ${(at < 0 ? found.length : at) + 1} on they differ.`;
  return { wasCommitted: false, problem };
}

export function describe({ name, id }: TrackedKey): string {
  return `${name} (${id ?? 'without identifier'})`;
}

function isSame(left: readonly EventMark[], right: readonly EventMark[]): boolean {
  return left.length === right.length && left.every((mark, at) => mark === right[at]);
}
