/** The event of an operation on a key, written out: the shape that auditors' tools are made for. */

import { expect } from 'vitest';

/** What is the same in all events of one rig. */
export interface Rig {
  readonly accountId: string;
  readonly instanceId: string;
  readonly adapterId: string;
  readonly requestURI: string;
  readonly initiator: object;
}

export interface Expectation {
  readonly action: string;
  /** As in the message. */
  readonly words: string;
  readonly severity: 'normal' | 'warning' | 'critical';
  readonly typeURI: string;
  /** Undefined where there is no object, e.g. for a Create that failed. */
  readonly id: string | undefined;
  /** Name of the operation in the specification. */
  readonly operation: string;
  readonly version: string;
  /** Of a failure. */
  readonly reason?: {
    readonly reasonCode: number;
    readonly reasonType: string;
    readonly reasonForFailure: string;
  };
  /** Goes between the version and the adapter. */
  readonly requestData?: object;
  readonly responseData: object;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const EVENT_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\+0000$/;

/** The whole event, its fields in their order; matchers stand for the time and the ids of the event. */
export function expectedEvent(rig: Rig, expected: Expectation): object {
  const { action, words, severity, typeURI, id, operation, version, reason } = expected;
  const crn = `crn:v1:bluemix:public:hs-crypto:us-south:a/${rig.accountId}:${rig.instanceId}:`;
  const subject = id === undefined ? '' : ` ${id}`;
  return {
    eventTime: expect.stringMatching(EVENT_TIME),
    action,
    outcome: reason === undefined ? 'success' : 'failure',
    severity,
    message: `Hyper Protect Crypto Services: ${words}${subject}${reason === undefined ? '' : ' -failure'}`,
    id: expect.stringMatching(UUID),
    correlationId: expect.stringMatching(UUID),
    dataEvent: false,
    logSourceCRN: `${crn}:`,
    saveServiceCopy: true,
    initiator: rig.initiator,
    target: {
      id: id === undefined ? `${crn}:` : `${crn}kmip_object:${id}`,
      name: id ?? '',
      typeURI,
    },
    observer: { name: 'ActivityTracker' },
    reason: reason ?? { reasonCode: 200, reasonType: 'OK' },
    requestData: {
      requestURI: rig.requestURI,
      instanceID: rig.instanceId,
      kmipOperation: operation,
      protocolVersion: version,
      ...expected.requestData,
      // Extra fields are promised for a success only.
      ...(reason === undefined && { adapterId: rig.adapterId }),
    },
    responseData: expected.responseData,
  };
}

/** Every field of an event by its path, in the order in which the event has them. */
export function fieldPaths(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || 'asymmetricMatch' in value) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, part]) => fieldPaths(part, `${path}/${key}`)),
  ];
}
