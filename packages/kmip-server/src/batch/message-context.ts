/** What all items of a message share. */

import type { OperationName, Version } from '@claviger/kmip-protocol';
import type { AnswerTime } from '../asynchronous/asynchronous-indicator.ts';
import type { RequestQueue } from '../asynchronous/request-queue.ts';
import type { Access } from '../credentials/access.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import type { MessageRounds } from '../locate/group-rounds.ts';
import type { ServerIdentity } from '../operations/operation-handler.ts';
import type { MessageApplications } from '../pkcs11/cryptoki-applications.ts';
import type { Principal } from '../principal.ts';
import type { MessageStreams } from '../streams/open-streams.ts';
import type { MessageTickets } from '../tickets/login-tickets.ts';
import type { Workspace } from './workspace.ts';

export interface MessageContext {
  readonly dependencies: KmipServerDependencies;
  readonly principal: Principal;
  /** As whom it acts within the adapter. */
  readonly access: Access;
  readonly version: Version;
  readonly nowSeconds: number;
  readonly operations: readonly OperationName[];
  readonly identity: ServerIdentity;
  readonly workspace: Workspace;
  readonly answerTime: AnswerTime;
  readonly queue: RequestQueue;
  readonly streams: MessageStreams;
  readonly tickets: MessageTickets;
  readonly applications: MessageApplications;
  readonly rounds: MessageRounds;
  /** Makes the commit depend on the root key being enabled. @throws ClavigerError `root-key-unusable`. */
  useRootKey(): void;
  /** See `SeedableRandomness`. */
  seedGenerator(data: Uint8Array): number | undefined;
  /** Overwrites the bytes with zeros when the message has been answered; answers them. */
  wipeLater(bytes: Uint8Array): Uint8Array;
}
