/** Who is on the other side of a connection: an adapter, by a certificate that is registered or was issued. */

import type {
  AdapterRecord,
  CertificateRecord,
  ClientAuthorityRecord,
  RootKeyRecord,
} from '@claviger/key-store';

export interface Principal {
  readonly record: ClientRecord;
  /** As configured for the audit log: SHA-256 or SHA-1 over the DER, lower-case hex. */
  readonly auditFingerprint: string;
}

/** What a session must know of its client. */
export interface ClientRecord {
  readonly certificate: ClientCertificate;
  readonly adapter: AdapterRecord;
  readonly rootKey: RootKeyRecord;
  /** Lets the client in when its certificate is not registered. */
  readonly authority?: ClientAuthorityRecord | undefined;
}

/** A registered certificate, or one that an authority has issued: that has neither id nor name here. */
export type ClientCertificate = Pick<
  CertificateRecord,
  'fingerprintSha256' | 'notBefore' | 'notAfter' | 'createdBy'
> & { readonly id?: string | undefined; readonly name?: string | undefined };

/** Why a peer is not let in; the words stand in the log and in the event. */
export type RefusalReason =
  | 'no-certificate'
  | 'unknown-certificate'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-removed'
  | 'authority-removed';

export const REFUSAL_WORDS: Readonly<Record<RefusalReason, string>> = {
  'no-certificate': 'The client sent no certificate.',
  'unknown-certificate': 'The client certificate is not registered with any adapter.',
  'certificate-expired': 'The client certificate has expired.',
  'certificate-not-yet-valid': 'The client certificate is not valid yet.',
  'certificate-removed': 'The client certificate was removed from its adapter.',
  'authority-removed': 'The authority of the client certificate was removed from its adapter.',
};
