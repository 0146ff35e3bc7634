/** The events of two hosts beside each other. */

import type { AuditEvent } from '@claviger/audit-emitter';

const ABSENT = '(no address)';

/** One row an action: who, and from where, on either network. */
export function sideBySide(
  privateEvents: readonly AuditEvent[],
  publicEvents: readonly AuditEvent[],
): string {
  const rows = privateEvents.map((event, index) => [
    event.action,
    event.initiator.host?.address ?? ABSENT,
    publicEvents[index]?.initiator.host?.address ?? ABSENT,
  ]);
  const table = [['action', 'private', 'public'], ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The initiators of one action, whole. */
export function initiators(
  privateEvents: readonly AuditEvent[],
  publicEvents: readonly AuditEvent[],
  action: AuditEvent['action'],
): string {
  const of = (name: string, events: readonly AuditEvent[]) => {
    const event = events.find((candidate) => candidate.action === action);
    const { id, ...initiator } = event?.initiator ?? { id: '' };
    // A fingerprint fills the line and tells nothing here.
    const short = { id: id.replace(/^(CertificateID-\w{8})\w+$/, '$1...'), ...initiator };
    return `${name}: ${JSON.stringify(short)}`;
  };
  return [of('private', privateEvents), of('public ', publicEvents)].join('\n');
}
