/** Where an export begins or ends: an event by its number, or a time. */
import type { KeyStore } from '@claviger/key-store';
import { InvalidArgumentError } from 'commander';

export type LogPosition =
  | { readonly kind: 'sequence'; readonly sequence: number }
  /** Milliseconds since the epoch. */
  | { readonly kind: 'time'; readonly time: number };

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

export function logPositionArgument(text: string): LogPosition {
  if (/^[1-9]\d{0,14}$/.test(text)) return { kind: 'sequence', sequence: Number(text) };
  const time = DATE.test(text) || TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (time >= 0) return { kind: 'time', time };
  throw new InvalidArgumentError(
    'It must be the number of an event, a date such as 2026-03-31, or a time such as 2026-03-31T08:00:00Z.',
  );
}

/** The first event at the position or after it; undefined when there is none. */
export async function firstAt(store: KeyStore, position: LogPosition): Promise<number | undefined> {
  if (position.kind === 'sequence') return position.sequence;
  const page = await store.queryEvents({ order: 'oldest-first', limit: 1, since: position.time });
  return page.events[0]?.sequence;
}

/** The last event before a time, or the one of that number. */
export async function lastAt(store: KeyStore, position: LogPosition): Promise<number | undefined> {
  if (position.kind === 'sequence') return position.sequence;
  const page = await store.queryEvents({ limit: 1, until: position.time });
  return page.events[0]?.sequence;
}
