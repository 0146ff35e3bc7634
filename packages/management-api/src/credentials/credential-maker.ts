/**
 * What the API needs to make a credential: what is kept of its secrets. The server of the protocol knows
 * how they are shown and checked, and the API does not.
 */

/** An adapter's key as the store keeps it. */
export interface CredentialAdapterKey {
  readonly adapterId: string;
  readonly wrappedAdapterKey: Uint8Array;
  readonly rootKeyId: string;
  readonly wrappedRootKey: Uint8Array;
}

/** By what a device tells who it is; one or several, and all of them count. */
export interface DeviceNames {
  readonly deviceSerialNumber?: string | undefined;
  readonly deviceIdentifier?: string | undefined;
  readonly networkIdentifier?: string | undefined;
  readonly machineIdentifier?: string | undefined;
  readonly mediaIdentifier?: string | undefined;
}

export type CredentialWish =
  | {
      readonly kind: 'user';
      readonly username: string;
      readonly password: string;
      readonly acceptsHashed: boolean;
      readonly needsOneTimePassword: boolean;
    }
  | {
      readonly kind: 'device';
      readonly device: DeviceNames;
      readonly password?: string | undefined;
    };

/** What is kept; `oneTimeSecret` is shown once, and kept sealed only. */
export interface MadeCredential {
  readonly identity: string;
  readonly verifier: string | null;
  readonly sealed: Uint8Array | null;
  readonly oneTimeSecret?: string | undefined;
}

export interface CredentialMaker {
  /** @throws ClavigerError `overloaded` when too many are made at once. */
  make(
    adapterKey: CredentialAdapterKey,
    credentialId: string,
    wish: CredentialWish,
  ): Promise<MadeCredential>;
}
