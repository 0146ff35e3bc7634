/**
 * What a handler is. It computes: from a context and a payload to an answer, the objects as they should
 * be afterwards, and the facts for the audit log. It reads through the context and refuses by throwing
 * `ClavigerError`; saving, recording and answering are done in one place, by the batch.
 */

import type { CertificateRecord, LocateQuery, LocateResult, Predicate } from '@claviger/key-store';
import type {
  DescribedOperation,
  EnumerationValue,
  OPERATION_SCHEMAS,
  OperationName,
  ManagedObject as ProtocolObject,
  RequestOf,
  ResponseBatchItem,
  ResponseOf,
  UniqueIdentifierValue,
  Version,
} from '@claviger/kmip-protocol';
import type { RequestQueue } from '../asynchronous/request-queue.ts';
import type { State } from '../lifecycle/state.ts';
import type { ManagedObject } from '../objects/managed-object.ts';
import type { ObjectRules } from '../objects/object-rules.ts';
import type { MessageStreams } from '../streams/open-streams.ts';
import type { TicketBounds } from '../tickets/login-tickets.ts';

/** An object with the State it has at the time of the request. */
export interface FoundObject {
  readonly object: ManagedObject;
  readonly state: State;
}

export interface OperationContext {
  readonly version: Version;
  readonly adapterId: string;
  /** POSIX seconds; the same for all items of a message. */
  readonly nowSeconds: number;
  /** The operations that this server answers, and those that it sends, for Query. */
  readonly operations: readonly OperationName[];
  readonly serverInformation: ServerIdentity;

  /**
   * The object that a request means: by its identifier, or by the ID Placeholder when it has none.
   * What was found becomes the subject of the audit event, also when the operation fails later.
   *
   * @throws ClavigerError `item-not-found` when the adapter has no such object; `missing-data` when
   * there is neither an identifier nor a placeholder.
   */
  find(identifier: UniqueIdentifierValue | undefined): Promise<FoundObject>;
  /** The object with a Name, if there is one; it does not become the subject of the event. */
  findByName(nameValue: string): Promise<FoundObject | undefined>;
  /** Another object that the operation needs, e.g. by a Link; it does not become the subject either. */
  read(id: string): Promise<FoundObject | undefined>;
  locate(where: Predicate, page: Omit<LocateQuery, 'where'>): Promise<LocateResult>;
  /** Takes a turn among the members of groups; answers how many were taken before. */
  takeTurn(groups: readonly string[]): number;
  /** What the clients of the adapter have set for new objects. */
  rules(): Promise<ObjectRules>;
  /** Whether an object of the adapter, destroyed ones included, bears the Name. */
  isNameTaken(nameValue: string): Promise<boolean>;

  /** By what the client is let in; undefined where an authority does. */
  readonly clientCertificate:
    | Required<Pick<CertificateRecord, 'id' | 'name' | 'createdBy'>>
    | undefined;
  /** Whether a certificate lets a client in, with whatever adapter. */
  isRegistered(fingerprintSha256: string): Promise<boolean>;

  newIdentifier(): string;
  /** Wipes the bytes when the message has been answered; answers them. */
  wipeLater(bytes: Uint8Array): Uint8Array;
  /** Fresh bytes that are no secret: initial values, nonces. */
  randomBytes(count: number): Uint8Array;
  /** Mixes data into random bytes from now on: how much of it is used, undefined when that is not allowed. */
  seedGenerator(data: Uint8Array): number | undefined;
  /** Operations whose data comes in parts. */
  readonly streams: MessageStreams;
  /** Asynchronous requests of the adapter. */
  readonly queue: RequestQueue;
  /** A ticket for this client (Login). @throws ClavigerError `overloaded`, `invalid-field`. */
  issueTicket(bounds: TicketBounds): Uint8Array;
  /** Ends a ticket of this client. @throws ClavigerError `invalid-ticket`. */
  endTicket(value: Uint8Array): void;
  /** The client as an application of PKCS #11. */
  readonly cryptoki: {
    /** @returns a Correlation Value. @throws ClavigerError `overloaded`. */
    initialize(): Uint8Array;
    isInitialized(correlationValue: Uint8Array | undefined): boolean;
    finalize(correlationValue: Uint8Array): void;
  };
  /** For the use of a key that was opened before. @throws ClavigerError `root-key-unusable`. */
  assertKeysUsable(): void;
  /** Bytes for key material; wiped when the message has been answered. */
  newKeyMaterial(lengthBytes: number): Uint8Array;
  /** Seals the object for its place in the store. @throws ClavigerError `root-key-unusable`. */
  seal(id: string, object: ProtocolObject): Uint8Array;
  /**
   * Opens the material of an object; the bytes in it are wiped when the message has been answered.
   * @throws ClavigerError `root-key-unusable`, `material-destroyed`.
   */
  open(object: ManagedObject): ProtocolObject;
}

export interface ServerIdentity {
  readonly vendorIdentification: string;
  readonly productName: string;
  readonly serverVersion: string;
}

/** What the audit event tells of a success beyond what the context knows. */
export interface AuditFacts {
  /** The object acted on, as it is afterwards. */
  readonly subject?: AuditSubject | undefined;
  /** Present when the operation is about a change of State, even when it ended in the same one. */
  readonly stateBefore?: State;
  readonly revocationReason?: string;
  /** What the client wants to be kept (Log). */
  readonly logMessage?: string;
  /** The id of the asynchronous request that it is about. */
  readonly asynchronousRequest?: string | undefined;
  /** It was accepted to be worked on later: its own event follows. */
  readonly isAccepted?: true;
  /** SHA-256 of the certificate by which the client is let in from now on (Re-Provision). */
  readonly certificateFingerprint?: string;
  /** How many objects were found (Locate). */
  readonly totalResources?: number;
}

export interface AuditSubject {
  readonly id: string;
  readonly objectType: EnumerationValue<'ObjectType'>;
  readonly state: State;
}

/** What a batch item answers in the place of a success of its own operation (Poll, 1.4 §4.28). */
export type AnswerInstead = Pick<
  ResponseBatchItem,
  | 'operation'
  | 'resultStatus'
  | 'resultReason'
  | 'resultMessage'
  | 'asynchronousCorrelationValue'
  | 'responsePayload'
>;

/** A certificate that takes the place of a registered one. */
export interface ClientReplacement {
  /** The id of the registered one. */
  readonly replaces: string;
  readonly record: CertificateRecord;
}

export interface OperationResult<Response> {
  readonly response: Response;
  /** Stands in the answer instead of `response`; the operation has succeeded all the same. */
  readonly instead?: AnswerInstead | undefined;
  /** Objects as they should be from now on. */
  readonly save?: readonly ManagedObject[];
  /** What new objects of the adapter are held to from now on. */
  readonly rules?: ObjectRules;
  /** By what the client is let in from now on. */
  readonly clientCertificate?: ClientReplacement;
  readonly audit: AuditFacts;
  /** The new ID Placeholder; null empties it, undefined leaves it (1.4 §4). */
  readonly idPlaceholder?: string | null;
}

export interface OperationHandler<O extends DescribedOperation = DescribedOperation> {
  readonly schema: (typeof OPERATION_SCHEMAS)[O];
  handle(
    context: OperationContext,
    request: RequestOf<(typeof OPERATION_SCHEMAS)[O]>,
  ): Promise<OperationResult<ResponseOf<(typeof OPERATION_SCHEMAS)[O]>>>;
}

/** Ties a handler to the schema of its operation. */
export function handler<O extends DescribedOperation>(
  schema: (typeof OPERATION_SCHEMAS)[O],
  handle: OperationHandler<O>['handle'],
): OperationHandler<O> {
  return { schema, handle };
}
