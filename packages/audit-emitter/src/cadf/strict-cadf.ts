/**
 * Events in strict CADF (DMTF DSP0262 1.0), for tools that take nothing else. What CADF has no field for
 * goes into attachments, so nothing is lost.
 */
import type { AuditEvent, EventHost } from '../event.ts';
import { parseEventTime } from '../event-time.ts';
import { cadfAction } from './cadf-action.ts';

const EVENT_TYPE_URI = 'http://schemas.dmtf.org/cloud/audit/1.0/event';
const HTTP_STATUS_CODES = 'http://www.iana.org/assignments/http-status-codes/http-status-codes.xml';
const OBSERVER_TYPE_URI = 'service/security/audit/filter';

export interface CadfAttachment {
  readonly contentType: string;
  readonly content: string;
  readonly name: string;
}

export interface CadfResource {
  readonly id: string;
  readonly typeURI: string;
  readonly name?: string;
  readonly credential?: { readonly type: string; readonly token: string };
  readonly host?: { readonly address?: string; readonly agent?: string };
}

/** An event as DSP0262 has it. */
export interface CadfEvent {
  readonly typeURI: typeof EVENT_TYPE_URI;
  readonly eventType: 'activity';
  readonly id: string;
  /** UTC, the offset with a colon; `Z` is not allowed. */
  readonly eventTime: string;
  /** A word of the CADF taxonomy, `read/list` for lists. */
  readonly action: string;
  readonly outcome: string;
  readonly name: string;
  readonly severity: string;
  readonly reason: { readonly reasonType: string; readonly reasonCode: string };
  readonly initiator: CadfResource;
  readonly target: CadfResource;
  readonly observer: CadfResource;
  /** The action of the catalogue. */
  readonly tags: readonly string[];
  readonly attachments: readonly CadfAttachment[];
}

/** @throws RangeError when `eventTime` is no time of an event; those of the emitter always are. */
export function toStrictCadf(event: AuditEvent): CadfEvent {
  const { initiator, target, reason, log } = event;
  const { requestData, responseData, correlationId, saveServiceCopy, dataEvent } = event;
  return {
    typeURI: EVENT_TYPE_URI,
    eventType: 'activity',
    id: event.id,
    eventTime: cadfTime(event.eventTime),
    action: cadfAction(event.action),
    outcome: event.outcome,
    name: event.message,
    severity: event.severity,
    reason: { reasonType: HTTP_STATUS_CODES, reasonCode: String(reason.reasonCode) },
    initiator: {
      id: initiator.id,
      typeURI: initiator.typeURI,
      name: initiator.name,
      // CADF wants a token where there is a credential; the one that was shown is nobody's business.
      credential: { type: initiator.credential.type, token: '[redacted]' },
      ...(initiator.host !== undefined && { host: cadfHost(initiator.host) }),
    },
    target: { id: target.id, typeURI: `data/security/key/${target.typeURI}`, name: target.name },
    observer: {
      id: event.logSourceCRN,
      typeURI: OBSERVER_TYPE_URI,
      name: event.observer.name,
    },
    tags: [event.action],
    attachments: [
      attachment('requestData', requestData),
      attachment('responseData', responseData),
      attachment('activityTracker', {
        reasonType: reason.reasonType,
        ...(reason.reasonForFailure !== undefined && { reasonForFailure: reason.reasonForFailure }),
        ...(correlationId !== undefined && { correlationId }),
        ...(initiator.host?.addressType !== undefined && {
          addressType: initiator.host.addressType,
        }),
        logSourceCRN: event.logSourceCRN,
        dataEvent,
        saveServiceCopy,
        ...(log !== undefined && { log }),
      }),
    ],
  };
}

function cadfTime(eventTime: string): string {
  const time = parseEventTime(eventTime);
  if (time === undefined) throw new RangeError(`"${eventTime}" is no time of an event.`);
  return new Date(time).toISOString().replace('Z', '+00:00');
}

function cadfHost({ address, agent }: EventHost) {
  return { ...(address !== undefined && { address }), ...(agent !== undefined && { agent }) };
}

function attachment(name: string, content: object): CadfAttachment {
  return { name, contentType: 'application/json', content: JSON.stringify(content) };
}
