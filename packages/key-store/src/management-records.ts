/**
 * What the management side keeps beside the hierarchy: who did what and when, the keys of the Key
 * Protect dialect in full, API keys, certificates that were refused, and authorities whose
 * certificates are clients. Times are milliseconds since the epoch.
 */
import type { AdapterRecord, Predicate, RootKeyRecord, RootKeyState } from './records.ts';

export interface PageQuery {
  /** Records to pass over. */
  readonly offset: number;
  /** 0 asks for the total alone. */
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** How many records there are in all, whatever the page. */
  readonly total: number;
}

/** Who did something, and when. */
export interface Attribution {
  readonly at: number;
  /** The person, e.g. an IAM id; for a client, whoever registered its certificate. Kept as a text. */
  readonly actor?: string | undefined;
  /** The registered certificate of the client that did it; it may be deleted since. */
  readonly certificateId?: string | undefined;
  /** The authority that has issued its certificate, where that is not registered itself. */
  readonly authorityId?: string | undefined;
  /** Of its certificate, registered or issued: SHA-256 over the DER, lower-case hex without colons. */
  readonly fingerprintSha256?: string | undefined;
}

/** A managed object without its material and search index, and with its history. */
export interface ObjectSummary {
  readonly id: string;
  readonly adapterId: string;
  readonly version: number;
  readonly objectType: string;
  /** Encoded attributes, from which the caller computes the state. */
  readonly attributes: Uint8Array;
  readonly hasMaterial: boolean;
  /** `at` is the `createdAt` of the record. */
  readonly created: Attribution;
  /** The newest update that said who did it; `created` until there is one. */
  readonly updated: Attribution;
  readonly destroyed: Attribution | undefined;
}

export interface ObjectSummaryQuery extends PageQuery {
  readonly where: Predicate;
  /** As that of `LocateQuery`; 0 when nobody asks for the total. */
  readonly countUpTo?: number | undefined;
}

export interface AdapterQuery extends PageQuery {
  /** Only adapters over this root key. */
  readonly rootKeyId?: string | undefined;
}

/** A version of a root key. */
export interface RootKeyVersion {
  readonly id: string;
  /** Wrapped by the master key. */
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
}

/** What a key may be given when it is made, beside its record; what is absent has the default named. */
export interface NewRootKeyDetails {
  /** Default: null. */
  readonly description?: string | null | undefined;
  /** In their order. Default: none. */
  readonly tags?: readonly string[] | undefined;
  /** A set; each belongs to one key of the store. Default: none. */
  readonly aliases?: readonly string[] | undefined;
  /** Default: false. */
  readonly imported?: boolean | undefined;
  /** True for a standard key, over which there is no adapter. Default: false, a root key. */
  readonly extractable?: boolean | undefined;
  /** Default: `default`. */
  readonly keyRingId?: string | undefined;
  /** Default: null. */
  readonly createdBy?: string | null | undefined;
  /** Default: null, never. */
  readonly expirationAt?: number | null | undefined;
  /** Sealed payload of a standard key. Default: null. */
  readonly wrappedPayload?: Uint8Array | null | undefined;
  /** Id of the first version. Default: the id of the key. */
  readonly versionId?: string | undefined;
}

/** A root key, or standard key, with everything that is known of it. */
export interface DetailedRootKey extends RootKeyRecord {
  readonly description: string | null;
  readonly tags: readonly string[];
  /** In alphabetical order; a deleted key has none. */
  readonly aliases: readonly string[];
  readonly imported: boolean;
  /** True for a standard key. */
  readonly extractable: boolean;
  readonly keyRingId: string;
  readonly createdBy: string | null;
  /** The newest version, whose wrapped key is that of the record. */
  readonly version: { readonly id: string; readonly createdAt: number };
  readonly lastUpdateAt: number | null;
  readonly lastRotateAt: number | null;
  readonly deletedAt: number | null;
  readonly deletedBy: string | null;
  readonly expirationAt: number | null;
  readonly wrappedPayload: Uint8Array | null;
}

export interface RootKeyQuery extends PageQuery {
  /** Default: all three. */
  readonly states?: readonly RootKeyState[] | undefined;
  /** True for standard keys only, false for root keys only. Default: both. */
  readonly extractable?: boolean | undefined;
}

/** A key with which a person or a program logs in. */
export interface ApiKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** Hash over salt and key; the key itself is kept nowhere. */
  readonly saltedHash: Uint8Array;
  readonly salt: Uint8Array;
  readonly createdAt: number;
  readonly createdBy: string | null;
  readonly revokedAt: number | null;
  readonly revokedBy: string | null;
}

/** How many refused certificates are remembered: the newest by `lastAt`. */
export const MAX_REFUSED_CERTIFICATES = 1_000;

/** A certificate that was refused at the door, with the newest reason. */
export interface RefusedCertificateRecord {
  /** Lower-case hex over the DER, without colons. */
  readonly fingerprintSha256: string;
  readonly fingerprintSha1: string;
  readonly subject: string;
  readonly pem: string;
  /** In words. */
  readonly reason: string;
  /** From where it was shown last. */
  readonly address: string;
  /** The adapter that it was shown to, where that is known. */
  readonly adapterId: string | null;
  readonly listener: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly attempts: number;
}

/** A certificate authority whose certificates are clients of an adapter. */
export interface ClientAuthorityRecord {
  readonly id: string;
  readonly adapterId: string;
  /** Unique in the adapter. */
  readonly name: string;
  /** As it was uploaded, byte for byte. */
  readonly pem: string;
  /** Lower-case hex over the DER, without colons; unique in the adapter. */
  readonly fingerprintSha256: string;
  readonly subject: string;
  /** What the subject of a client must meet; null when any will do. The store does not look inside. */
  readonly subjectRule: string | null;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly createdAt: number;
  readonly createdBy: string | null;
}

/** An authority with what a session of one of its clients must know. */
export interface AuthorityPrincipalRecord {
  readonly authority: ClientAuthorityRecord;
  readonly adapter: AdapterRecord;
  readonly rootKey: RootKeyRecord;
}

/**
 * A secret by which clients of an adapter say which of them they are, beside their certificate: a user
 * with a password, a device. The store does not look inside `kind`, `identity` and the secrets.
 */
export interface CredentialRecord {
  readonly id: string;
  readonly adapterId: string;
  /** Unique in the adapter; objects belong to it. */
  readonly name: string;
  readonly kind: string;
  /** What clients show beside the secret; unique in the adapter. */
  readonly identity: string;
  /** Salted hash of the password, with its parameters, as text; null when there is none. */
  readonly verifier: string | null;
  /** Sealed by the adapter's key: what cannot be checked against a hash; null when there is none. */
  readonly sealed: Uint8Array | null;
  /** The newest proof that was used up (see `use-credential`); 0 at first. */
  readonly lastProof: number;
  readonly createdAt: number;
  readonly createdBy: string | null;
}
