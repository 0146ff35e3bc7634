/** An adapter's key as the store keeps it. The arrays are only read. */
export interface AdapterKeyRef {
  readonly adapterId: string;
  /** From `newAdapterKey`. */
  readonly wrappedAdapterKey: Uint8Array;
  readonly rootKeyId: string;
  /** From `newRootKey`. */
  readonly wrappedRootKey: Uint8Array;
}
