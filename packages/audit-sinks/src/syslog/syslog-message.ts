/**
 * Events as messages of RFC 5424. The event's text is the message, as it is stored; without a byte order
 * mark, which the RFC allows (MSG-ANY) and receivers that parse JSON need.
 */

import type { SinkEvent } from '../sink.ts';

export interface SyslogHeader {
  /** 0 to 23; 13 is "log audit". */
  readonly facility: number;
  /** Name of this machine, as it is known to others. */
  readonly hostname: string;
  readonly appName: string;
  /** Private enterprise number in the name of the structured data. */
  readonly enterpriseNumber: number;
}

/** RFC 5424 §6.2.1: Informational, Warning, Critical. */
const SEVERITY: Readonly<Record<string, number>> = { normal: 6, warning: 4, critical: 2 };
const INFORMATIONAL = 6;
const MESSAGE_ID = 'CADF';

/**
 * One message, without framing.
 *
 * @param content - What stands after the structured data: the event's text, or its form in CEF.
 */
export function syslogMessage(event: SinkEvent, header: SyslogHeader, content: string): string {
  const priority = header.facility * 8 + (SEVERITY[event.severity] ?? INFORMATIONAL);
  const fields = [
    `<${priority}>1`,
    new Date(event.time).toISOString(),
    headerField(header.hostname, 255),
    headerField(header.appName, 48),
    '-', // the process is of no interest
    MESSAGE_ID,
    structuredData(event, header.enterpriseNumber),
    content,
  ];
  return fields.join(' ');
}

/** Printable ASCII without blanks (§6.2.4 to 6.2.7); `-` when nothing is left. */
function headerField(text: string, longest: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, longest) || '-';
}

function structuredData(event: SinkEvent, enterpriseNumber: number): string {
  const parameters = {
    id: event.id,
    sequence: String(event.sequence),
    action: event.action,
    outcome: event.outcome,
    severity: event.severity,
    initiator: event.initiatorId,
    target: event.targetId,
    ...(event.correlationId === null ? {} : { correlationId: event.correlationId }),
  };
  const written = Object.entries(parameters).map(
    ([name, value]) => `${name}="${escapeParameter(value)}"`,
  );
  return `[claviger@${enterpriseNumber} ${written.join(' ')}]`;
}

/** §6.3.3: the three characters that have to be escaped; lines would break receivers that split at them. */
function escapeParameter(text: string): string {
  return text.replaceAll(/["\\\]]/g, '\\$&').replaceAll(/[\r\n]+/g, ' ');
}

/**
 * Octet counting (RFC 6587 §3.4.1, RFC 5425 §4.3): the length in bytes, a blank, the message.
 *
 * @returns the bytes of all frames, one after the other.
 */
export function frameMessages(messages: readonly string[]): Uint8Array {
  return Buffer.from(
    messages.map((message) => `${Buffer.byteLength(message)} ${message}`).join(''),
  );
}
