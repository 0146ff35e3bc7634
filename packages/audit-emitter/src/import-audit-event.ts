/**
 * Reads an event from an archive that others have written: with names that actions had earlier, wrapped
 * as events were until 2019, or with data as text. What comes out is an event of today, or nothing.
 */

import { actionDefinition } from './catalogue/actions.ts';
import { currentAction } from './catalogue/historical-names.ts';
import type { AuditEvent } from './event.ts';
import { isPlainObject } from './event-data.ts';
import { InvalidEventError, parseAuditEvent } from './parse-audit-event.ts';

/** Stood beside the CADF fields once; tell nothing that an audit needs. */
const FORMER_FIELDS = [
  'meta',
  'requestPath',
  'requestHeader',
  'responseBody',
  'latencies',
  'attachments',
] as const;

/** Written by a strict export; say the same of every event. */
const EXPORT_FIELDS = ['eventType', 'typeURI'] as const;

export interface ImportedEvent {
  readonly event: AuditEvent;
  /** The name that stood in the archive, when it was another. */
  readonly formerAction: string | undefined;
}

/**
 * @param json - A parsed JSON value: one event of the archive.
 * @param newId - For events of a time when they had none; the same event must get the same id, or it is
 * imported twice.
 * @throws InvalidEventError when it is no event of the catalogue, or breaks a rule of the format.
 */
export function importAuditEvent(json: unknown, newId?: () => string): ImportedEvent {
  if (!isPlainObject(json)) throw new InvalidEventError('event', 'must be an object');
  const archived = isPlainObject(json['payload']) ? json['payload'] : json;
  const name = archived['action'];
  const action = typeof name === 'string' ? currentAction(name) : undefined;
  if (action === undefined) throw new InvalidEventError('action', 'is in no catalogue');

  const former = new Set<string>([...FORMER_FIELDS, ...EXPORT_FIELDS]);
  const kept = Object.fromEntries(Object.entries(archived).filter(([field]) => !former.has(field)));
  const { target } = kept;
  const event = parseAuditEvent({
    ...kept,
    action,
    ...(kept['id'] === undefined && newId !== undefined && { id: newId() }),
    // Renamed with the action.
    ...(isPlainObject(target) && {
      target: { ...target, typeURI: actionDefinition(action).targetTypeURI },
    }),
    requestData: dataOf(kept['requestData'], 'requestData'),
    responseData: dataOf(kept['responseData'] ?? {}, 'responseData'),
  });
  return { event, formerAction: name === action ? undefined : String(name) };
}

/** An object, also where it stands as JSON in a text. */
function dataOf(value: unknown, path: string): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new InvalidEventError(path, 'must be an object, or JSON');
  }
}
