import type { Colors } from '../terminal.ts';
import { cut, printable } from './printable.ts';

const LONGEST_ACTION = 'hs-crypto.kmip-key-attributes.retrieve'.length;

/** What a line shows of an event. */
export interface ShownEvent {
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly outcome: string;
  readonly severity: string;
  readonly action: string;
  readonly targetId: string;
  readonly initiatorId: string;
}

/** One event in one line for people; programs take `--json`. */
export function formatEventLine(
  event: ShownEvent,
  colors: Colors,
  { utc }: { readonly utc: boolean },
): string {
  const outcome =
    event.outcome === 'success'
      ? colors.green('success')
      : colors.red(printable(event.outcome).padEnd(7));
  return [
    colors.dim(String(event.sequence).padStart(6)),
    colors.dim(utc ? formatUtc(event.time) : formatLocal(event.time)),
    severityColor(colors, event.severity)(printable(event.severity).padEnd(8)),
    outcome,
    printable(event.action).padEnd(LONGEST_ACTION),
    printable(shortTarget(event.targetId)).padEnd(36),
    colors.dim(shortInitiator(printable(event.initiatorId))),
  ].join('  ');
}

export function severityColor(colors: Colors, severity: string): (text: string) => string {
  if (severity === 'critical') return colors.red;
  return severity === 'warning' ? colors.yellow : colors.green;
}

/** The resource at the end of a CRN; the instance has none. */
function shortTarget(crn: string): string {
  const resource = crn.split(':').slice(9).join(':');
  return resource === '' ? '(instance)' : resource;
}

/** A fingerprint is known by its beginning. */
export function shortInitiator(id: string): string {
  return id.startsWith('CertificateID-') ? `${cut(id, 'CertificateID-'.length + 13)}` : id;
}

function formatUtc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 23).replace('T', ' ')}Z`;
}

/** The time of this machine, with what it is ahead of UTC: `2026-03-02 10:14:07.310+01:00`. */
function formatLocal(time: number): string {
  const aheadMinutes = -new Date(time).getTimezoneOffset();
  if (aheadMinutes === 0) return formatUtc(time);
  const shifted = formatUtc(time + aheadMinutes * 60_000).slice(0, -1);
  const ahead = Math.abs(aheadMinutes);
  const hours = String(Math.floor(ahead / 60)).padStart(2, '0');
  const minutes = String(ahead % 60).padStart(2, '0');
  return `${shifted}${aheadMinutes < 0 ? '-' : '+'}${hours}:${minutes}`;
}
