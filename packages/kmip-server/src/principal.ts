/** Who is on the other side of a connection: an adapter, by one of its certificates. */

import type { PrincipalRecord } from '@claviger/key-store';

export interface Principal {
  readonly record: PrincipalRecord;
  /** As configured for the audit log: SHA-256 or SHA-1 over the DER, lower-case hex. */
  readonly auditFingerprint: string;
}

/** Why a peer is not let in; the words stand in the log and in the event. */
export type RefusalReason =
  | 'no-certificate'
  | 'unknown-certificate'
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-removed';

export const REFUSAL_WORDS: Readonly<Record<RefusalReason, string>> = {
  'no-certificate': 'The client sent no certificate.',
  'unknown-certificate': 'The client certificate is not registered with any adapter.',
  'certificate-expired': 'The client certificate has expired.',
  'certificate-not-yet-valid': 'The client certificate is not valid yet.',
  'certificate-removed': 'The client certificate was removed from its adapter.',
};
