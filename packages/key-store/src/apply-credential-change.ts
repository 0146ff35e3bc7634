import type { CredentialRecord } from './management-records.ts';
import type { ChangeOf, Refusal } from './refusal.ts';
import type { WriteStatements } from './write-statements.ts';

export function insertCredential(
  statements: WriteStatements,
  credential: CredentialRecord,
): Refusal | undefined {
  if (statements.findAdapter.get({ id: credential.adapterId }) === undefined) {
    return { kind: 'not-found', what: 'adapter' };
  }
  if (statements.insertCredential.run(credential) === 1) return undefined;
  const same = statements.findSameCredential.get(credential);
  return { kind: 'duplicate', what: same === undefined ? 'credential-name' : 'credential' };
}

export function deleteCredential(statements: WriteStatements, id: string): Refusal | undefined {
  return statements.deleteCredential.run({ id }) === 0
    ? { kind: 'not-found', what: 'credential' }
    : undefined;
}

export function useCredential(
  statements: WriteStatements,
  { id, proof }: ChangeOf<'use-credential'>,
): Refusal | undefined {
  if (statements.useCredential.run({ id, proof }) === 1) return undefined;
  return statements.findCredential.get({ id }) === undefined
    ? { kind: 'not-found', what: 'credential' }
    : { kind: 'conflict', id };
}
