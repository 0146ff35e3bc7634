/** What the server bounds, with its defaults. */

export interface KmipServerLimits {
  /** Size of the largest request, header included. */
  readonly maxMessageBytes: number;
  /** Size of the largest answer; a client may ask for smaller ones. */
  readonly maxResponseBytes: number;
  /** Connections at a time, handshakes in progress included. */
  readonly maxConnections: number;
  /** One certificate may stand for a vCenter and all the hosts of its clusters. */
  readonly maxConnectionsPerCertificate: number;
  /**
   * Connections from one address that have shown no certificate yet, so that strangers leave room for
   * clients. Trusted balancers are not bound by it.
   */
  readonly maxHandshakesPerAddress: number;
  /**
   * Handshakes that begin in one turn of the event loop while no request is worked on, otherwise one in four
   * turns; those of several addresses take turns.
   */
  readonly handshakesPerTurn: number;
  readonly handshakeTimeoutMs: number;
  /** After it, sessions of before cannot be resumed: their clients make a full handshake. */
  readonly ticketKeyLifetimeMs: number;
  /** From the end of one answer (or of the handshake) to the end of the next request. */
  readonly idleTimeoutMs: number;
  /** For the client to take an answer. */
  readonly writeTimeoutMs: number;
  /**
   * Whole requests waiting on one connection, before it is no longer read. They also stop it when they
   * have as many bytes together as one message may have.
   */
  readonly maxQueuedRequests: number;
  /** Requests that are worked on at a time, up to their commit; the others wait, by turns of certificates. */
  readonly maxRequestsInWork: number;
  readonly maxRequestsInWorkPerCertificate: number;
  /** The same while other certificates ask, too: what is in work is what they have to wait for. */
  readonly maxRequestsInWorkAmongOthers: number;
  /** Requests of one certificate that wait for their turn; one more is answered with General Failure. */
  readonly maxWaitingRequestsPerCertificate: number;
  /** A request that has waited longer for its turn is answered with General Failure. */
  readonly maxRequestWaitMs: number;
  /** When the event loop stays so late, what is new is refused until it has halved. */
  readonly overloadLagMs: number;
  /** From the acceptance of an asynchronous request to the work on it: so long it can be canceled. */
  readonly asynchronousDelayMs: number;
  /** How long a Poll waits for the work to be done, before it answers that it is not. */
  readonly pollWaitMs: number;
  /** How long a shutdown waits for what was begun. */
  readonly shutdownTimeoutMs: number;
}

export const DEFAULT_KMIP_SERVER_LIMITS: KmipServerLimits = {
  maxMessageBytes: 1024 * 1024,
  maxResponseBytes: 8 * 1024 * 1024,
  maxConnections: 8192,
  maxConnectionsPerCertificate: 4096,
  maxHandshakesPerAddress: 4096,
  handshakesPerTurn: 4,
  handshakeTimeoutMs: 10_000,
  ticketKeyLifetimeMs: 4 * 60 * 60 * 1000,
  idleTimeoutMs: 120_000,
  writeTimeoutMs: 30_000,
  maxQueuedRequests: 64,
  maxRequestsInWork: 128,
  maxRequestsInWorkPerCertificate: 64,
  maxRequestsInWorkAmongOthers: 8,
  maxWaitingRequestsPerCertificate: 8192,
  maxRequestWaitMs: 10_000,
  overloadLagMs: 2_000,
  asynchronousDelayMs: 2_000,
  pollWaitMs: 10_000,
  shutdownTimeoutMs: 10_000,
};
