/** What a sink reads out of the text of an event, beyond what the store keeps beside it. */

import { memberOf, parseJson } from './json-member.ts';
import type { SinkEvent } from './sink.ts';

/** Parts of the event; empty where the event has none. */
export interface EventDetails {
  readonly message: string;
  readonly initiatorName: string;
  /** Address of the caller, for public networks. */
  readonly hostAddress: string;
  readonly targetName: string;
  readonly reasonCode: string;
  readonly reasonForFailure: string;
  /** `logSourceCRN`: where the event comes from. */
  readonly location: string;
  /** 32 hexadecimal digits, without `a/`. */
  readonly account: string;
  readonly instance: string;
}

/** Never throws: a text that is no event has no details. */
export function readEventDetails({ body }: SinkEvent): EventDetails {
  const event = parseJson(body);
  const text = (...path: readonly string[]): string => {
    const value = path.reduce<unknown>(memberOf, event);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  // crn:v1:cname:ctype:service:location:scope:instance:type:resource
  const crn = text('logSourceCRN').split(':');
  return {
    message: text('message'),
    initiatorName: text('initiator', 'name'),
    hostAddress: text('initiator', 'host', 'address'),
    targetName: text('target', 'name'),
    reasonCode: text('reason', 'reasonCode'),
    reasonForFailure: text('reason', 'reasonForFailure'),
    location: crn[5] ?? '',
    account: (crn[6] ?? '').replace(/^a\//, ''),
    instance: crn[7] ?? '',
  };
}
