import { type DescribedOperation, OPERATION_SCHEMAS } from '../operations/index.ts';

/** Whether an operation has schemas for its payloads. */
export function isDescribed(operation: string): operation is DescribedOperation {
  return Object.hasOwn(OPERATION_SCHEMAS, operation);
}
