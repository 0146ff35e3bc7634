/**
 * What has to come of each step of the program: a row a step. Result Reasons are those of the error tables
 * of the operations (2.1 §6.1).
 */

import type { Version } from '@claviger/kmip-protocol';
import type { ExpectedStep } from '../kmip-go/expected-step.ts';

/** The versions of 2.x; the library knows the messages of 2.0, which 2.1 has as well. */
export const VERSIONS = ['2.0', '2.1'] as const satisfies readonly Version[];

/** Everything that one run does, in order. */
export function expectedSteps(version: Version): readonly ExpectedStep[] {
  const life = ['Create', 'Activate', 'Get', 'Revoke', 'Destroy'];
  return [
    ['query', 'Query Success', 'Claviger'],
    ['create', 'Create Success', 'SymmetricKey'],
    ['create with a name that is taken', 'Create NonUniqueNameAttribute'],
    ['locate by name', 'Locate Success', true],
    ['get', 'Get Success', ['SymmetricKey', 32]],
    ['get nobody', 'Get ObjectNotFound'],
    ['set an attribute', 'SetAttribute Success'],
    ['set what only the server may', 'SetAttribute ReadOnlyAttribute'],
    [
      'get attributes',
      'GetAttributes Success',
      [`${version} created`, 256, 'PreActive', 'keys@example.org'],
    ],
    ['encrypt before it is active', 'Encrypt WrongKeyLifecycleState'],
    ['activate', 'Activate Success'],
    ['activate again', 'Activate WrongKeyLifecycleState'],
    ['encrypt', 'Encrypt Success', 32],
    ['decrypt', 'Decrypt Success', true],
    ['destroy what is active', 'Destroy WrongKeyLifecycleState'],
    ['revoke', 'Revoke Success'],
    ['destroy', 'Destroy Success'],
    ['get what is destroyed', 'Get ObjectDestroyed'],
    [
      'live a whole life in a batch',
      life.map((operation) => `${operation} Success`).join(', '),
      32,
    ],
  ];
}
