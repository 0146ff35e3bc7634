import { OPERATIONS, type OperationName } from '@claviger/kmip-protocol';

/** The names that the queue keeps are those of the items that it took. */
export function operationNamed(name: string): OperationName {
  if (isOperationName(name)) return name;
  throw new TypeError('A queued request has an operation of no version.');
}

function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}
