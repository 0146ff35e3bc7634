/** Removes what a case has left on a server, so that the next one finds what its file assumes. */

import { ENUMERATIONS, OPERATIONS, TAGS } from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { batchItem, enumeration, header, structure, text } from '../ttlv-request.ts';
import { ConnectionError } from './connection.ts';
import type { Peers } from './play-case.ts';

/** Revokes and destroys objects. What cannot be removed stays: the result of the case is known already. */
export async function clearAway(
  identifiers: readonly string[],
  peers: Peers,
  timeoutMs: number,
): Promise<void> {
  if (identifiers.length === 0) return;
  try {
    const connection = await peers.connect('A');
    try {
      for (const message of identifiers.flatMap(removal)) {
        connection.send(encodeTtlv(message));
        await connection.receive(timeoutMs);
      }
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
  }
}

function removal(identifier: string): readonly TtlvItem[] {
  const { CessationOfOperation } = ENUMERATIONS.RevocationReasonCode.values;
  const object = text('UniqueIdentifier', identifier);
  const reason = structure(
    'RevocationReason',
    enumeration('RevocationReasonCode', CessationOfOperation),
  );
  return [
    request(OPERATIONS.Revoke.value, object, reason),
    request(OPERATIONS.Destroy.value, object),
  ];
}

/** Revoke and Destroy are the same in all versions of 1.x, which every server speaks. */
function request(operation: number, ...payload: readonly TtlvItem[]): TtlvItem {
  return {
    tag: TAGS.RequestMessage,
    type: 'Structure',
    value: [header([1, 2]), batchItem(operation, payload)],
  };
}
