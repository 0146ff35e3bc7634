import type { EventRecord } from '@claviger/key-store';
import type { Colors } from '../terminal.ts';
import { cut, printable } from './printable.ts';

const LONGEST_ACTION = 'hs-crypto.kmip-key-attributes.retrieve'.length;

/** One event in one line for people; programs take `--json`. */
export function formatEventLine(event: EventRecord, colors: Colors): string {
  const time = new Date(event.time).toISOString().slice(0, 23).replace('T', ' ');
  const outcome =
    event.outcome === 'success' ? colors.green('success') : colors.red(event.outcome.padEnd(7));
  return [
    colors.dim(String(event.sequence).padStart(6)),
    colors.dim(`${time}Z`),
    severityColor(colors, event.severity)(event.severity.padEnd(8)),
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
