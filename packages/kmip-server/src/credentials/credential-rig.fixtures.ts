/** A rig whose adapter has users and devices, and the headers by which clients show them. */

import type { CredentialRecord } from '@claviger/key-store';
import {
  CREDENTIAL_VALUES,
  type Credential,
  encodeItem,
  type RequestHeader,
} from '@claviger/kmip-protocol';
import type { MessageRig } from '../batch/message-rig.fixtures.ts';
import { type CredentialWishes, createCredentialMaker } from './new-credential.ts';

export interface WithHeader {
  readonly header: Partial<RequestHeader>;
}

/** Adds a credential to the adapter of the rig. @returns its one-time secret, too, if it has one. */
export async function addCredential(
  rig: MessageRig,
  name: string,
  wishes: CredentialWishes,
): Promise<CredentialRecord & { readonly oneTimeSecret?: string | undefined }> {
  const { adapter, rootKey } = rig.source.principal.record;
  const id = `credential ${name}`;
  const maker = createCredentialMaker({
    keys: rig.keys,
    randomness: { bytes: (count) => new Uint8Array(count).fill(7) },
  });
  const adapterKey = {
    adapterId: adapter.id,
    wrappedAdapterKey: adapter.wrappedKey,
    rootKeyId: rootKey.id,
    wrappedRootKey: rootKey.wrappedKey,
  };
  const { oneTimeSecret, ...made } = await maker.make(adapterKey, id, wishes);
  const credential: CredentialRecord = {
    id,
    adapterId: adapter.id,
    name,
    kind: wishes.kind,
    ...made,
    lastProof: 0,
    createdAt: 1,
    createdBy: null,
  };
  await rig.store.commit({
    guards: [],
    changes: [{ kind: 'insert-credential', credential }],
    events: [],
  });
  return { ...credential, oneTimeSecret };
}

export function aUser(
  username: string,
  password: string,
  more: Partial<Extract<CredentialWishes, { kind: 'user' }>> = {},
): CredentialWishes {
  return {
    kind: 'user',
    username,
    password,
    acceptsHashed: false,
    needsOneTimePassword: false,
    ...more,
  };
}

export function showing(...credential: readonly Credential[]): WithHeader {
  return { header: { authentication: { credential: [...credential] } } };
}

export function password(username: string, secret?: string): Credential {
  const value = { username, password: secret };
  return {
    credentialType: 'UsernameAndPassword',
    credentialValue: encodeItem(CREDENTIAL_VALUES.UsernameAndPassword, value, '2.1'),
  };
}

export function ticketOf(ticketValue: Uint8Array): Credential {
  const value = { ticket: { ticketType: 'Login', ticketValue } } as const;
  return {
    credentialType: 'Ticket',
    credentialValue: encodeItem(CREDENTIAL_VALUES.Ticket, value, '2.1'),
  };
}
