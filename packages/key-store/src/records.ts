/**
 * What the store keeps for the service itself: objects, the hierarchy above them, the event log, and
 * how objects are searched. Beside it, for administrators: `management-records.ts`.
 */

/** A value that can be searched: text, or a number (dates in seconds) for ranges. */
export type IndexValue = string | number;

/** One searchable fact of an object, e.g. `{ name: 'Object Type', value: 'SymmetricKey' }`. */
export interface IndexEntry {
  readonly name: string;
  readonly value: IndexValue;
  /**
   * Few values are there for the name, each of many objects (a type, a State, a flag): such entries
   * are kept once for all objects that have the same ones, and cost next to nothing. It changes the
   * cost of a search, never its answer.
   */
  readonly shared?: true | undefined;
}

/** A managed object as the store keeps it. */
export interface ObjectRecord {
  /** Unique Identifier: a UUID in lower case. */
  readonly id: string;
  readonly adapterId: string;
  /** Counts the changes of this record, from 1. */
  readonly version: number;
  readonly objectType: string;
  /** Encoded attributes; the store does not look inside. */
  readonly attributes: Uint8Array;
  /** Sealed material, or null when there is none (destroyed, or never had any). */
  readonly material: Uint8Array | null;
  /** A set: order and repetition are not kept. */
  readonly index: readonly IndexEntry[];
  /**
   * Texts that may belong to one object of the adapter only (its Names).
   * A commit that would give one text to two objects has the outcome `duplicate`. A set, as `index`.
   */
  readonly uniqueNames: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** To whom the object belongs, e.g. the name of a credential; it is set once, when the object is made. */
  readonly owner?: string | undefined;
}

/** An object as it is read by its id: without what only finds it. */
export type StoredObject = Omit<ObjectRecord, 'index' | 'uniqueNames'>;

/** A condition on the index entries of an object. */
export type Predicate =
  | { readonly kind: 'equals'; readonly name: string; readonly value: IndexValue }
  /** Inclusive on both ends; numbers only. */
  | {
      readonly kind: 'range';
      readonly name: string;
      readonly from?: number | undefined;
      readonly to?: number | undefined;
    }
  | { readonly kind: 'and'; readonly of: readonly Predicate[] }
  | { readonly kind: 'or'; readonly of: readonly Predicate[] }
  | { readonly kind: 'not'; readonly of: Predicate };

export interface LocateQuery {
  readonly where: Predicate;
  /** Objects to pass over, newest first. */
  readonly offset: number;
  readonly limit: number;
  /**
   * Counting ends here, so that a search which many objects match costs no more in a large store than
   * in a small one. Undefined: all are counted.
   */
  readonly countUpTo?: number | undefined;
}

export interface LocateResult {
  /** Newest first. */
  readonly ids: readonly string[];
  /** How many objects match in all; at most `countUpTo`, which means that many or more. */
  readonly total: number;
}

export interface AdapterRecord {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly rootKeyId: string;
  /** The adapter's key, wrapped by its root key. */
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
  readonly createdBy?: string | undefined;
  /** When the adapter, or what belongs to it, was changed last; see `touch-adapter`. */
  readonly updatedAt?: number | undefined;
  readonly updatedBy?: string | undefined;
  /** E.g. `native_1.0`. */
  readonly profile?: string | undefined;
}

export interface CertificateRecord {
  readonly id: string;
  readonly adapterId: string;
  /** Unique in the adapter. */
  readonly name: string;
  /** As it was uploaded, byte for byte. */
  readonly pem: string;
  /** Lower-case hex over the DER, without colons; unique in the store. */
  readonly fingerprintSha256: string;
  readonly fingerprintSha1: string;
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly createdAt: number;
  readonly createdBy?: string | undefined;
}

export type RootKeyState = 'enabled' | 'disabled' | 'deleted';

export interface RootKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly state: RootKeyState;
  /** Wrapped by the master key. */
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
}

/** A certificate with everything a session must know before it reads the first byte. */
export interface PrincipalRecord {
  readonly certificate: CertificateRecord;
  readonly adapter: AdapterRecord;
  readonly rootKey: RootKeyRecord;
}

/** An audit event on its way into the log. `body` is the event as canonical JSON text. */
export interface NewEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly action: string;
  readonly outcome: string;
  readonly severity: string;
  readonly initiatorId: string;
  readonly targetId: string;
  readonly adapterId: string | null;
  readonly correlationId: string | null;
  /** One line that begins and ends as a JSON object does; it has no member `log` yet. */
  readonly body: string;
}

/**
 * An event in the log. Sequences rise by one, in the order of the commits, without gaps.
 *
 * `body` is now the line of the log: with the member `log` at its end, `{"node", "sequence",
 * "previousHash"}`. It is what auditors and sinks are given, byte for byte.
 */
export interface EventRecord extends NewEvent {
  readonly sequence: number;
}

export interface EventQuery {
  /** Only events with a greater sequence. */
  readonly afterSequence: number;
  readonly limit: number;
}
