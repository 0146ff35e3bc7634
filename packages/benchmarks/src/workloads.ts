/** What a connection asks, message by message. Everything is encoded when a workload is made. */

import { assertSuccess, identifierIn } from './answer.ts';
import { countOf, identifiers, type ObjectIds, patternName, seededName } from './object-ids.ts';
import {
  activateRequest,
  addAttributesRequest,
  createRequest,
  destroyRequest,
  discoverVersionsRequest,
  getRequest,
  getStateRequest,
  type LocateBy,
  locateRequest,
  namedCreateRequest,
  revokeRequest,
} from './request-bytes.ts';
import { requestTemplate } from './request-template.ts';

/** The questions of one connection, in turn. */
export interface Exchange {
  next(): Uint8Array;
  /** @throws Error unless the answer to the last one is a success. */
  take(answer: Uint8Array): void;
}

/** Makes the questions of a connection by its number, from 0. */
export type Workload = (connection: number) => Exchange;

export const WORKLOADS = {
  /** Get of any object. */
  get: (ids) => overObjects(ids, getRequest),
  /** Get Attributes of the State of any object. */
  'get-attributes': (ids) => overObjects(ids, getStateRequest),
  /** The captured Create. */
  create: () => {
    const request = createRequest();
    return () => ({ next: () => request, take: (answer) => assertSuccess(answer, 1) });
  },
  /** Create, Activate, Get, Revoke and Destroy of one key, over and over. */
  'life-cycle': () => lifeCycle(),
  /** Three custom attributes for any object, under names of their own. */
  'add-attributes': (ids) => addAttributes(ids),
  'locate-by-name': (ids) => locate(ids, 'name'),
  'locate-by-custom-attribute': (ids) => locate(ids, 'custom-attribute'),
  'locate-by-state': (ids) => locate(ids, 'state'),
  'locate-page': (ids) => locate(ids, 'page'),
  /** What vCenter asks for when a machine starts: Discover Versions, Get, Get Attributes. */
  'machine-start': (ids) => machineStart(ids),
  /** Makes a named key that is Pre-Active, then one that is Active: the patterns of a seeded store. */
  patterns: () => () => {
    const requests = [false, true].map((isActive, number) =>
      namedCreateRequest(patternName(number), isActive),
    );
    let asked = 0;
    return {
      next: () => requests[asked++] ?? new Uint8Array(),
      take: (answer) => assertSuccess(answer, 1),
    };
  },
} satisfies Record<string, (ids: ObjectIds) => Workload>;

export type WorkloadName = keyof typeof WORKLOADS;

/** A prime, so that connections which begin apart stay apart and every object is asked for. */
const STRIDE = 7919;
const CONNECTION_STRIDE = 104_729;

function overObjects(ids: ObjectIds, encode: (id: string) => Uint8Array): Workload {
  const idAt = identifiers(ids);
  const template = requestTemplates(encode);
  return (connection) => {
    let number = connection * CONNECTION_STRIDE;
    return {
      next() {
        number += STRIDE;
        const id = idAt(number);
        return template(id).withId(id);
      },
      take: (answer) => assertSuccess(answer, 1),
    };
  };
}

/** A template for each length of identifiers: servers that count have short and long ones. */
function requestTemplates(encode: (id: string) => Uint8Array) {
  const templates = new Map<number, ReturnType<typeof requestTemplate>>();
  return ({ length }: string) => {
    const known = templates.get(length);
    if (known !== undefined) return known;
    const template = requestTemplate(encode, length);
    templates.set(length, template);
    return template;
  };
}

function lifeCycle(): Workload {
  const create = createRequest();
  const steps = [activateRequest, getRequest, revokeRequest, destroyRequest].map(requestTemplates);
  return () => {
    let id: string | undefined;
    let taken = 0;
    return {
      next: () => (id === undefined ? create : (steps[taken]?.(id).withId(id) ?? create)),
      take(answer) {
        assertSuccess(answer, 1);
        if (id === undefined) {
          id = identifierIn(answer);
          taken = 0;
          return;
        }
        taken += 1;
        if (taken === steps.length) id = undefined;
      },
    };
  };
}

const ATTRIBUTES_PER_BATCH = 3;

function addAttributes(ids: ObjectIds): Workload {
  const idAt = identifiers(ids);
  const objects = countOf(ids);
  const template = requestTemplates((id) =>
    addAttributesRequest(id, ['Product_Version', 'Vendor', 'Product'], 'VMware, Inc.'),
  );
  return (connection) => {
    let number = connection * CONNECTION_STRIDE + (connection % objects);
    return {
      next() {
        number += STRIDE;
        const id = idAt(number);
        return template(id).withId(id);
      },
      take: (answer) => assertSuccess(answer, ATTRIBUTES_PER_BATCH),
    };
  };
}

/** Names that are looked for in turn; more of them than any cache would keep, as few as are quick to encode. */
const LOOKED_FOR = 1000;

function locate(ids: ObjectIds, by: LocateBy): Workload {
  const objects = countOf(ids);
  const isOne = by === 'state' || by === 'page';
  const requests = Array.from({ length: isOne ? 1 : Math.min(LOOKED_FOR, objects) }, (_, number) =>
    locateRequest(by, seededName((number * STRIDE) % objects)),
  );
  return (connection) => {
    let number = connection;
    return {
      next: () => requests[number++ % requests.length] ?? new Uint8Array(),
      take(answer) {
        assertSuccess(answer, 1);
        identifierIn(answer); // something was found
      },
    };
  };
}

function machineStart(ids: ObjectIds): Workload {
  const idAt = identifiers(ids);
  const first = discoverVersionsRequest();
  const [get, getState] = [requestTemplates(getRequest), requestTemplates(getStateRequest)];
  return (connection) => {
    const id = idAt(connection * STRIDE);
    const requests = [first, get(id).withId(id), getState(id).withId(id)];
    let number = 0;
    return {
      next: () => requests[number++ % requests.length] ?? first,
      take: (answer) => assertSuccess(answer, 1),
    };
  };
}
