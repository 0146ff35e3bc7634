/**
 * The frame of the operations that compute with one key over data that may come in parts (1.4 §4.29 to §4.34):
 * find the key, check that it may be used, take the part, count the use, say what was acted on.
 */

import type { DataValue, OperationName, UniqueIdentifierValue } from '@claviger/kmip-protocol';
import { assertUsable, countUse, type Usage } from '../lifecycle/cryptographic-usage.ts';
import type { ManagedObject } from '../objects/managed-object.ts';
import { bytesOf, type PartOfData, type PartResult, takePart } from '../streams/in-parts.ts';
import type { DataStream } from '../streams/open-streams.ts';
import type { OperationContext, OperationResult } from './operation-handler.ts';

export interface KeyedRequest extends PartOfData {
  readonly uniqueIdentifier?: UniqueIdentifierValue | undefined;
}

export interface Computation<Result> extends Usage {
  readonly operation: OperationName;
  /** What is computed over where it is not the Data: Digested Data. */
  readonly input?: DataValue | undefined;
  /**
   * Begins the computation.
   * @param totalBytes - Length of the data when it comes at once.
   */
  open(object: ManagedObject, totalBytes: number | undefined): DataStream<Result>;
}

export interface Computed<Result> {
  readonly uniqueIdentifier: string;
  readonly part: PartResult<Result>;
  /** What the result of the handler has beside its response. */
  readonly effects: Pick<OperationResult<unknown>, 'save' | 'audit'>;
}

/**
 * @throws ClavigerError as `find`, `assertUsable` and `takePart`; `usage-limit-exceeded`.
 */
export async function computeWithKey<Result>(
  context: OperationContext,
  request: KeyedRequest,
  { operation, input = request.data, open, ...usage }: Computation<Result>,
): Promise<Computed<Result>> {
  const found = await context.find(request.uniqueIdentifier);
  const { object, state } = found;
  assertUsable(found, usage, context.nowSeconds);
  const part = await takePart(
    context,
    operation,
    object.id,
    { ...request, data: input },
    async (totalBytes) => open(object, totalBytes),
  );
  // Only the first part changes the object: a later one is never computed twice.
  const isCounted = usage.purpose === 'protect' && request.correlationValue === undefined;
  const used = isCounted ? countUse(object, bytesOf(request.data)?.length ?? 0) : undefined;
  return {
    uniqueIdentifier: object.id,
    part,
    effects: {
      ...(used !== undefined && { save: [used] }),
      audit: { subject: { id: object.id, objectType: object.objectType, state } },
    },
  };
}
