/** Data of a request: bytes, since 2.0 also what another item of the batch gave (1.4 §2.1.10, 2.1 §7.9). */

import { type BatchReference, orBatchReference } from '../attributes/batch-reference.ts';
import { bytes } from '../schema/declare.ts';
import type { VersionedSchema } from '../schema/schema.ts';

export type DataValue = Uint8Array | BatchReference<'Data'>;

export function data(): VersionedSchema<DataValue> {
  return orBatchReference('Data', bytes('Data'), 'Data');
}
