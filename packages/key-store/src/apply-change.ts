/**
 * Applies one change inside the open transaction. A refusal is answered, not thrown; the caller rolls
 * the unit back. Uniqueness is decided by the constraints of the tables, so that what another
 * process wrote counts as well.
 */
import { deleteAdapter, insertAdapter, touchAdapter } from './apply-adapter-change.ts';
import { deleteCredential, insertCredential, useCredential } from './apply-credential-change.ts';
import { appendCheckpoint, forgetEvents } from './apply-log-change.ts';
import { insertObject, updateObject } from './apply-object-change.ts';
import { endRequest, enqueueRequest } from './apply-queue-change.ts';
import { insertRootKey, rotateRootKey, setRootKeyState } from './apply-root-key-change.ts';
import {
  deleteCertificate,
  deleteClientAuthority,
  forgetRefusedCertificate,
  insertApiKey,
  insertCertificate,
  insertClientAuthority,
  recordRefusedCertificate,
  revokeApiKey,
} from './apply-trust-change.ts';
import type { BlockIndex } from './event-blocks.ts';
import type { ObjectIndex } from './object-index.ts';
import type { Refusal } from './refusal.ts';
import type { SqliteRow } from './sqlite-driver.ts';
import type { Change } from './unit-of-work.ts';
import { unreachable } from './unreachable.ts';
import type { WriteStatements } from './write-statements.ts';

/**
 * @param findObstacle - Runs the query that came with the change, for what cannot be prepared: the
 * predicate of a `delete-adapter`.
 * @returns undefined when the change was applied.
 */
export function applyChange(
  statements: WriteStatements,
  blocks: BlockIndex,
  index: ObjectIndex,
  change: Change,
  findObstacle: () => SqliteRow | undefined,
): Refusal | undefined {
  switch (change.kind) {
    case 'insert-object':
      return insertObject(statements, index, change);
    case 'update-object':
      return updateObject(statements, index, change);
    case 'insert-adapter':
      return insertAdapter(statements, change.adapter);
    case 'touch-adapter':
      return touchAdapter(statements, change);
    case 'delete-adapter':
      return deleteAdapter(statements, change, findObstacle);
    case 'insert-certificate':
      return insertCertificate(statements, change.certificate);
    case 'delete-certificate':
      return deleteCertificate(statements, change.id);
    case 'insert-root-key':
      return insertRootKey(statements, change);
    case 'set-root-key-state':
      return setRootKeyState(statements, change);
    case 'rotate-root-key':
      return rotateRootKey(statements, change);
    case 'insert-api-key':
      return insertApiKey(statements, change.apiKey);
    case 'revoke-api-key':
      return revokeApiKey(statements, change);
    case 'record-refused-certificate':
      return recordRefusedCertificate(statements, change.refused);
    case 'forget-refused-certificate':
      return forgetRefusedCertificate(statements, change.fingerprintSha256);
    case 'insert-client-authority':
      return insertClientAuthority(statements, change.authority);
    case 'delete-client-authority':
      return deleteClientAuthority(statements, change.id);
    case 'insert-credential':
      return insertCredential(statements, change.credential);
    case 'delete-credential':
      return deleteCredential(statements, change.id);
    case 'use-credential':
      return useCredential(statements, change);
    case 'replace-setting':
      statements.replaceSetting.run({ name: change.name, value: change.value });
      return undefined;
    case 'append-checkpoint':
      return appendCheckpoint(statements, change);
    case 'write-sink-cursor':
      statements.replaceSinkCursor.run(change.cursor);
      return undefined;
    case 'delete-sink-cursor':
      statements.deleteSinkCursor.run({ name: change.name });
      return undefined;
    case 'forget-events':
      return forgetEvents(statements, blocks, change);
    case 'enqueue-request':
      return enqueueRequest(statements, change.request);
    case 'end-request':
      return endRequest(statements, change);
    case 'collect-request':
      statements.collectQueuedRequest.run(change);
      return undefined;
    case 'forget-requests':
      statements.forgetQueuedRequests.run(change);
      return undefined;
    default:
      return unreachable(change, 'change');
  }
}
