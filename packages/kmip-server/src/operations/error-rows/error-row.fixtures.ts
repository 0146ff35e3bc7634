/** What a row of the table of errors is: an operation, what is wrong, and the Result Reason of each version. */

import {
  type EnumerationValueName,
  encodeItem,
  OPERATION_SCHEMAS,
  protocolVersionOf,
  type RequestHeader,
  RequestMessage,
  type RequestOf,
  type Schema,
  type Version,
} from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import type { HandledOperation } from '../index.ts';
import type { Cast } from './cast.fixtures.ts';

export type Reason = EnumerationValueName<'ResultReason'>;
/** The versions in which the row is sent, each with its reason. */
export type Reasons = Readonly<Partial<Record<Version, Reason>>>;

export interface ErrorRow {
  readonly operation: HandledOperation;
  readonly situation: string;
  readonly reasons: Reasons;
  /** The bytes of the request. */
  message(the: Cast, version: Version): Promise<Uint8Array>;
}

export type PayloadOf<O extends HandledOperation> = RequestOf<(typeof OPERATION_SCHEMAS)[O]>;

type Builder<Payload> = (the: Cast, version: Version) => Payload | Promise<Payload>;

/** What is wrong, the reasons, the request, and what else its message says. */
export type Row<O extends HandledOperation> = readonly [
  situation: string,
  reasons: Reasons,
  payload: Builder<PayloadOf<O>>,
  more?: {
    readonly header?: (the: Cast) => Partial<RequestHeader>;
    /** Makes of the fields of the payload what no encoder would write. */
    readonly reshape?: (fields: readonly TtlvItem[], version: Version) => readonly TtlvItem[];
    readonly messageExtension?: RequestMessage['batchItem'][number]['messageExtension'];
  },
];

/** The rows of an operation. */
export function errorRows<O extends HandledOperation>(
  operation: O,
  rows: readonly Row<O>[],
): readonly ErrorRow[] {
  return rows.map(([situation, reasons, payload, more = {}]) => ({
    operation,
    situation,
    reasons,
    async message(the, version) {
      const schema: Schema = OPERATION_SCHEMAS[operation].request;
      const item = encodeItem(schema, (await payload(the, version)) as never, version);
      const fields = item.type === 'Structure' ? item.value : [];
      const value = more.reshape?.(fields, version) ?? fields;
      const requestPayload: TtlvItem = { tag: item.tag, type: 'Structure', value };
      const requestHeader = {
        protocolVersion: protocolVersionOf(version),
        attestationType: [],
        batchCount: 1,
        ...more.header?.(the),
      };
      const { messageExtension = [] } = more;
      const batchItem = [
        { operation, uniqueBatchItemID: undefined, requestPayload, messageExtension },
      ];
      return encodeTtlv(encodeItem(RequestMessage, { requestHeader, batchItem }, version));
    },
  }));
}

/** One reason in 1.4, another in 2.1. */
export function changed(old: Reason, recent: Reason): Reasons {
  return { '1.4': old, '2.1': recent };
}

/** The same reason in 1.4 and 2.1. */
export function always(reason: Reason): Reasons {
  return { '1.4': reason, '2.1': reason };
}

/** What only 1.x knows. */
export function inOld(reason: Reason): Reasons {
  return { '1.4': reason };
}

/** What only 2.x knows. */
export function inNew(reason: Reason): Reasons {
  return { '2.1': reason };
}

/** Reasons that many operations share. */
export const NOT_FOUND = changed('ItemNotFound', 'ObjectNotFound');
export const ARCHIVED = always('ObjectArchived');
export const INVALID_FIELD = always('InvalidField');
export const DENIED = always('PermissionDenied');
export const WRONG_STATE = changed('PermissionDenied', 'WrongKeyLifecycleState');
export const WRONG_TYPE = changed('PermissionDenied', 'InvalidObjectType');
export const USAGE_NOT_PERMITTED = changed(
  'PermissionDenied',
  'IncompatibleCryptographicUsageMask',
);
export const ILLEGAL = changed('IllegalOperation', 'InvalidObjectType');
