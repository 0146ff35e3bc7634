/** Events in the Common Event Format (CEF:0), for those who read nothing else. */

import { readEventDetails } from '../event-details.ts';
import type { SinkEvent } from '../sink.ts';

export interface CefProduct {
  readonly vendor: string;
  readonly product: string;
  readonly version: string;
}

/** 0 to 10. */
const SEVERITY: Readonly<Record<string, number>> = { normal: 3, warning: 6, critical: 9 };
const UNKNOWN_SEVERITY = 5;

/** `CEF:0|vendor|product|version|action|message|severity|key=value ...`. */
export function toCef(event: SinkEvent, { vendor, product, version }: CefProduct): string {
  const details = readEventDetails(event);
  const header = [vendor, product, version, event.action, details.message || event.action].map(
    escapeHeader,
  );
  const extension = {
    rt: String(event.time),
    externalId: event.id,
    act: event.action,
    outcome: event.outcome,
    suid: event.initiatorId,
    suser: details.initiatorName,
    src: details.hostAddress,
    reason: details.reasonForFailure,
    cn1: String(event.sequence),
    cn1Label: 'sequence',
    cs1: event.targetId,
    cs1Label: 'target',
    cs2: event.correlationId ?? '',
    cs2Label: event.correlationId === null ? '' : 'correlationId',
    cs3: details.reasonCode,
    cs3Label: details.reasonCode === '' ? '' : 'reasonCode',
  };
  const written = Object.entries(extension)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${escapeExtension(value)}`);
  const severity = SEVERITY[event.severity] ?? UNKNOWN_SEVERITY;
  return `CEF:0|${header.join('|')}|${severity}|${written.join(' ')}`;
}

const escapeHeader = (text: string) =>
  text.replaceAll(/[\\|]/g, '\\$&').replaceAll(/[\r\n]+/g, ' ');

const escapeExtension = (text: string) =>
  text.replaceAll(/[\\=]/g, '\\$&').replaceAll('\r', '\\r').replaceAll('\n', '\\n');
