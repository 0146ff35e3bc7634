/** A report as data: what is written as JSON, and what the page is made of. Times are ISO 8601 in UTC. */
import type { Outcome, Severity } from '@claviger/audit-emitter';
import type { Control, FrameworkId } from './frameworks.ts';

/** Part of a list; what is beyond the limit is counted. */
export interface Excerpt<T> {
  readonly total: number;
  readonly rows: readonly T[];
}

/** A key that is kept now. */
export interface InventoryKey {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly algorithm: string;
  readonly lengthBits: number | null;
  readonly adapter: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface InventoryCertificate {
  readonly adapter: string;
  readonly name: string;
  readonly fingerprintSha256: string;
  readonly notAfter: number;
}

export interface InventoryRootKey {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly createdAt: number;
  readonly lastRotateAt: number | null;
}

export interface ListedKey extends Omit<InventoryKey, 'createdAt'> {
  readonly createdAt: string;
  readonly ageDays: number;
}

export interface EventRow {
  readonly time: string;
  readonly action: string;
  readonly outcome: Outcome;
  readonly severity: Severity;
  readonly initiator: string;
  readonly target: string;
  readonly reasonCode: number;
  readonly reason: string;
  readonly id: string;
}

export interface InitiatorRow {
  readonly id: string;
  readonly name: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly events: number;
  readonly failures: number;
  /** Of public networks; a few of them. */
  readonly addresses: readonly string[];
}

/** What was found when the log was verified. */
export interface VerificationResult {
  readonly isWhole: boolean;
  readonly findings: readonly string[];
  readonly findingCount: number;
  readonly treeSize: number | null;
  readonly rootHash: string | null;
  readonly trustedKey: string | null;
  /** The signed note, as it is published. */
  readonly checkpoint: string | null;
}

export interface AuditReport {
  readonly title: string;
  readonly framework: FrameworkId;
  readonly frameworkTitle: string;
  readonly controls: readonly Control[];
  readonly instance: string;
  readonly madeAt: string;
  readonly from: string;
  /** Not included. */
  readonly to: string;
  readonly events: number;
  readonly verification: VerificationResult;
  readonly inventory: {
    readonly byState: Readonly<Record<string, number>>;
    readonly byAge: Readonly<Record<string, number>>;
    readonly keys: Excerpt<ListedKey>;
  };
  readonly lifecycle: {
    readonly byAction: Readonly<Record<string, number>>;
    readonly events: Excerpt<EventRow>;
  };
  readonly access: {
    readonly initiators: Excerpt<InitiatorRow>;
    readonly certificates: Excerpt<
      Omit<InventoryCertificate, 'notAfter'> & { readonly notAfter: string }
    >;
    readonly changes: Excerpt<EventRow>;
  };
  readonly refusals: {
    readonly byReason: Readonly<Record<string, number>>;
    readonly events: Excerpt<EventRow>;
  };
  readonly rootKeys: {
    readonly keys: Excerpt<
      Omit<InventoryRootKey, 'createdAt' | 'lastRotateAt'> & {
        readonly createdAt: string;
        readonly lastRotateAt: string | null;
      }
    >;
    readonly changes: Excerpt<EventRow>;
  };
}
