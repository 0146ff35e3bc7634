import type { CredentialRecord } from './management-records.ts';
import {
  conflict,
  duplicate,
  notFound,
  type State,
  type Step,
  some,
  withEntry,
  withoutEntry,
} from './memory-state.ts';
import type { ChangeOf } from './refusal.ts';

export function insertCredential(state: State, change: ChangeOf<'insert-credential'>): Step {
  const { credential } = change;
  const { id, adapterId, name, identity } = credential;
  if (!state.adapters.has(adapterId)) return notFound('adapter');
  const isBeside = (it: CredentialRecord) => it.adapterId === adapterId;
  const same = (it: CredentialRecord) => it.id === id || (isBeside(it) && it.identity === identity);
  if (some(state.credentials, same)) return duplicate('credential');
  if (some(state.credentials, (it) => isBeside(it) && it.name === name)) {
    return duplicate('credential-name');
  }
  return { state: { ...state, credentials: withEntry(state.credentials, id, credential) } };
}

export function deleteCredential(state: State, { id }: ChangeOf<'delete-credential'>): Step {
  if (!state.credentials.has(id)) return notFound('credential');
  return { state: { ...state, credentials: withoutEntry(state.credentials, id) } };
}

export function useCredential(state: State, { id, proof }: ChangeOf<'use-credential'>): Step {
  const credential = state.credentials.get(id);
  if (credential === undefined) return notFound('credential');
  if (proof <= credential.lastProof) return conflict(id);
  const used = { ...credential, lastProof: proof };
  return { state: { ...state, credentials: withEntry(state.credentials, id, used) } };
}
