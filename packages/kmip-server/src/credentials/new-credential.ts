/** Makes what is kept of a new credential. The management API asks for it: it knows nothing of KMIP. */

import type { AdapterKeyRef, KeyHierarchy } from '@claviger/key-hierarchy';
import type { Randomness } from '../dependencies.ts';
import { type DeviceFields, deviceIdentity, userIdentity } from './credential-identity.ts';
import { hashedHalves } from './hashed-password.ts';
import { ONE_TIME_SECRET_BYTES, oneTimeSecretText } from './one-time-password.ts';
import { createPasswordHashes } from './password-hash.ts';
import { sealSecrets } from './sealed-secrets.ts';

export type CredentialWishes =
  | {
      readonly kind: 'user';
      readonly username: string;
      readonly password: string;
      /** Clients may show a Hashed Password (2.x), too. */
      readonly acceptsHashed: boolean;
      /** Clients must show a One Time Password (2.x) with the password. */
      readonly needsOneTimePassword: boolean;
    }
  | {
      readonly kind: 'device';
      readonly device: DeviceFields;
      readonly password?: string | undefined;
    };

export interface NewCredentialSecrets {
  readonly identity: string;
  readonly verifier: string | null;
  readonly sealed: Uint8Array | null;
  /** For the authenticator of the user, in base32; shown once. */
  readonly oneTimeSecret?: string | undefined;
}

export interface CredentialMaker {
  /**
   * @param adapterKey - Of the adapter that the credential is for; its root key must be enabled.
   * @throws ClavigerError `invalid-field`, `overloaded`.
   */
  make(
    adapterKey: AdapterKeyRef,
    credentialId: string,
    wishes: CredentialWishes,
  ): Promise<NewCredentialSecrets>;
}

export function createCredentialMaker(deps: {
  readonly keys: Pick<KeyHierarchy, 'seal'>;
  readonly randomness: Pick<Randomness, 'bytes'>;
}): CredentialMaker {
  const { keys, randomness } = deps;
  const passwords = createPasswordHashes((count) => randomness.bytes(count));
  return {
    async make(adapterKey, credentialId, wishes) {
      if (wishes.kind === 'device') {
        const { device, password } = wishes;
        const identity = deviceIdentity(device);
        const verifier = password === undefined ? null : await passwords.make(password);
        return { identity, verifier, sealed: null };
      }
      const { username, password, acceptsHashed, needsOneTimePassword } = wishes;
      const identity = userIdentity(username);
      const verifier = await passwords.make(password);
      if (!acceptsHashed && !needsOneTimePassword) return { identity, verifier, sealed: null };
      const oneTimeSecret = needsOneTimePassword
        ? randomness.bytes(ONE_TIME_SECRET_BYTES)
        : undefined;
      const sealed = sealSecrets(keys, adapterKey, credentialId, {
        oneTimeSecret,
        hashedHalves: acceptsHashed
          ? {
              SHA_256: hashedHalves('SHA_256', username, password),
              SHA_384: hashedHalves('SHA_384', username, password),
              SHA_512: hashedHalves('SHA_512', username, password),
            }
          : undefined,
      });
      const shown = oneTimeSecret && oneTimeSecretText(oneTimeSecret);
      oneTimeSecret?.fill(0);
      return { identity, verifier, sealed, ...(shown !== undefined && { oneTimeSecret: shown }) };
    },
  };
}
