/**
 * Keeps an event within what its readers take (16 KiB), by cutting `requestData` and `responseData`.
 * The CADF fields are never touched: who did what to which object must always be whole.
 */
import { Buffer } from 'node:buffer';
import type { AuditEvent } from './event.ts';
import type { JsonObject, JsonValue } from './event-data.ts';

/** Of the event as it stands in the log: JSON text in UTF-8. */
export const MAX_EVENT_BYTES = 16 * 1024;
/** What the log adds to an event at most: its place in there. */
export const LOG_POSITION_BYTES = 160;
/** Of an event on its way into the log. */
const MAX_BYTES_BEFORE_LOG = MAX_EVENT_BYTES - LOG_POSITION_BYTES;

/** How much of a list, an object or a text stays. */
interface Cut {
  readonly items: number;
  readonly characters: number;
}

/** Enough for a state, an id or a reason. */
const SHORT: Cut = { items: 8, characters: 64 };

/** Of a number: sign, 17 digits, point and exponent. */
const MOST_BYTES_OF_SCALAR = 25;

/** What every event must have, even the last resort. */
const COMMON_FIELDS: ReadonlySet<string> = new Set(['requestURI', 'instanceID']);

/** Tried in turn, until the event fits. */
const CUTS: readonly ((data: JsonObject) => JsonObject)[] = [
  (data) => cutObject(data, { items: 64, characters: 1024 }),
  (data) => cutObject(data, { items: 16, characters: 256 }),
  (data) => cutObject(scalarsOf(data), SHORT),
  (data) => cutObject(commonFieldsOf(data), SHORT),
];

/**
 * Answers the event itself when it is small enough. Otherwise lists, texts and objects are cut from
 * their ends, and an object that lost something says `truncated: true`.
 */
export function trimEvent(event: AuditEvent): AuditEvent {
  // Nearly every event is far from the limit: that is told without writing it as text.
  if (mostBytes(event) <= MAX_BYTES_BEFORE_LOG) return event;
  let trimmed = event;
  for (const cut of CUTS) {
    if (Buffer.byteLength(JSON.stringify(trimmed)) <= MAX_BYTES_BEFORE_LOG) break;
    trimmed = {
      ...event,
      requestData: marked(event.requestData, cut),
      responseData: marked(event.responseData, cut),
    };
  }
  return trimmed;
}

/** No JSON text of the value is longer than this, in UTF-8. */
function mostBytes(value: unknown): number {
  if (typeof value === 'string') return mostBytesOfText(value);
  if (typeof value !== 'object' || value === null) return MOST_BYTES_OF_SCALAR;
  let bytes = 2; // the brackets
  if (Array.isArray(value)) {
    for (const item of value) bytes += mostBytes(item) + 1;
    return bytes;
  }
  for (const [name, field] of Object.entries(value)) {
    bytes += mostBytesOfText(name) + mostBytes(field) + 2;
  }
  return bytes;
}

/** The longest way to write a UTF-16 unit is the escape of a control character: `\u0007`. */
function mostBytesOfText(text: string): number {
  return 6 * text.length + 2;
}

function marked(data: JsonObject, cut: (data: JsonObject) => JsonObject): JsonObject {
  const rest = cut(data);
  return JSON.stringify(rest) === JSON.stringify(data) ? data : { ...rest, truncated: true };
}

function cutValue(value: JsonValue, cut: Cut): JsonValue {
  if (typeof value === 'string') return cutText(value, cut.characters);
  if (isScalar(value)) return value;
  if (isList(value)) return value.slice(0, cut.items).map((item) => cutValue(item, cut));
  return cutObject(value, cut);
}

function cutObject(data: JsonObject, cut: Cut): JsonObject {
  const entries = Object.entries(data).slice(0, cut.items);
  return Object.fromEntries(
    entries.map(([name, value]) => [cutText(name, cut.characters), cutValue(value, cut)]),
  );
}

/** The text, or its beginning with `…` when it is longer; never half of a surrogate pair. */
export function cutText(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function scalarsOf(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => isScalar(value)));
}

function commonFieldsOf(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).filter(([name]) => COMMON_FIELDS.has(name)));
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isScalar(value: JsonValue): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}
