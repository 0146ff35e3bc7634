/** One part of an operation whose data comes at once or in parts (1.4 §4.29 to §4.34, 2.1 §7.8). */

import { ClavigerError, type DataValue, type OperationName } from '@claviger/kmip-protocol';
import { concatenate } from '../concatenate.ts';
import type { OperationContext } from '../operations/operation-handler.ts';
import type { DataStream } from './open-streams.ts';

/** The fields of a request that say which part it is. */
export interface PartOfData {
  readonly data?: DataValue | undefined;
  readonly correlationValue?: Uint8Array | undefined;
  readonly initIndicator?: boolean | undefined;
  readonly finalIndicator?: boolean | undefined;
}

/** What one request gives. */
export interface PartResult<Result> {
  /** What came out of the data of this part. */
  readonly output: Uint8Array | undefined;
  /** Present while more is to come. */
  readonly correlationValue?: Uint8Array | undefined;
  /** Present at the end. */
  readonly result?: Result | undefined;
  /** Whether the data came in one request. */
  readonly isWhole: boolean;
}

/**
 * Takes one part.
 *
 * @param open - begins the operation; told the length of the data when it comes at once.
 * @throws ClavigerError `invalid-field` for parts out of order; what the stream throws, which ends it.
 */
export async function takePart<Result>(
  context: Pick<OperationContext, 'adapterId' | 'streams' | 'assertKeysUsable'>,
  operation: OperationName,
  objectId: string | undefined,
  part: PartOfData,
  open: (totalBytes: number | undefined) => Promise<DataStream<Result>>,
): Promise<PartResult<Result>> {
  const data = bytesOf(part.data);
  const { correlationValue, initIndicator = false, finalIndicator = false } = part;
  const owner = { adapterId: context.adapterId, operation, objectId };
  if (correlationValue === undefined) {
    if (!initIndicator || finalIndicator) {
      if (data === undefined) throw refuse('the Data is missing');
      const stream = await open(data.length);
      return { output: stream.update(data), result: stream.final(), isWhole: true };
    }
    const stream = await open(undefined);
    const output = data === undefined ? undefined : stream.update(data);
    return { output, correlationValue: context.streams.add(owner, stream), isWhole: false };
  }
  if (initIndicator) {
    throw refuse(
      'the Init Indicator begins an operation in parts; leave the Correlation Value out',
    );
  }
  // The key was opened with the first part, and its root key may have been disabled since.
  if (objectId !== undefined) context.assertKeysUsable();
  // Streams of an operation are opened by its handler alone, so that they are of its type.
  const stream = context.streams.get(owner, correlationValue) as DataStream<Result>;
  try {
    const output = data === undefined ? undefined : stream.update(data);
    if (!finalIndicator) return { output, correlationValue, isWhole: false };
    context.streams.remove(correlationValue);
    return { output, result: stream.final(), isWhole: false };
  } catch (error) {
    context.streams.remove(correlationValue);
    throw error;
  }
}

/**
 * A computation over the whole of the data, which comes at once.
 * @param totalBytes - undefined when the data comes in parts.
 * @throws ClavigerError `invalid-field` then.
 */
export function atOnce<Result>(
  totalBytes: number | undefined,
  work: (data: Uint8Array) => Result,
): DataStream<Result> {
  if (totalBytes === undefined) {
    throw refuse('this key, with these parameters, takes all data in one request');
  }
  let whole: Uint8Array = new Uint8Array(0);
  return {
    update(data) {
      whole = data;
      return undefined;
    },
    final: () => work(whole),
  };
}

/**
 * What a part and the end of the data gave, as one field; none when a part of several gave nothing. They are wiped:
 * the caller wipes the field, where it is secret.
 */
export function dataOf({
  output,
  result,
  isWhole,
}: PartResult<{ readonly data: Uint8Array }>): Uint8Array | undefined {
  const none = new Uint8Array(0);
  const parts = [output ?? none, result?.data ?? none];
  const whole = concatenate(parts);
  for (const part of parts) part.fill(0);
  return whole.length === 0 && !isWhole ? undefined : whole;
}

/**
 * The bytes of Data. What another item of the batch gave has been put in its place before the item was read.
 * @throws ClavigerError `invalid-field` for a reference that there is not.
 */
export function bytesOf(data: DataValue | undefined): Uint8Array | undefined {
  if (data === undefined || data instanceof Uint8Array) return data;
  throw refuse('the Data is no reference that there is');
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
