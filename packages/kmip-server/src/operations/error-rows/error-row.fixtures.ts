/** What a row of the table of errors is: an operation, what is wrong, and the Result Reason of each version. */

import type {
  EnumerationValueName,
  OPERATION_SCHEMAS,
  RequestOf,
  Version,
} from '@claviger/kmip-protocol';
import { aMessage, type MessageOptions, type RequestedItem } from '../../messages.fixtures.ts';
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

export type Payload<O extends HandledOperation> = (
  the: Cast,
  version: Version,
) => PayloadOf<O> | Promise<PayloadOf<O>>;

/** What is wrong, the reasons, the request, and what its header says. */
export type Row<O extends HandledOperation> = readonly [
  situation: string,
  reasons: Reasons,
  payload: Payload<O>,
  options?: (the: Cast) => MessageOptions,
];

/** The rows of an operation. */
export function errorRows<O extends HandledOperation>(
  operation: O,
  rows: readonly Row<O>[],
): readonly ErrorRow[] {
  return rows.map(([situation, reasons, payload, options = () => ({})]) => ({
    operation,
    situation,
    reasons,
    async message(the, version) {
      // The payload is one of this very operation, which the union of all items forgets.
      const item = { operation, payload: await payload(the, version) } as unknown as RequestedItem;
      return aMessage(version, [item], options(the));
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
