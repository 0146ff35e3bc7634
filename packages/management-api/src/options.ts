import type { Socket } from 'node:net';
import type { ExternalIssuerOptions } from './identity/external-issuer.ts';
import type { LoginLimits } from './identity/login-limiter.ts';
import type { TokenSigningKey } from './identity/token-issuer.ts';
import type { HealthHandlers } from './server/health-routes.ts';
import type { ClientCertificateIssuer } from './trust/issue-endpoints.ts';

/** Which service instance this is; the same parts stand in CRNs and events. */
export interface InstanceOptions {
  /** UUID that clients send as `Bluemix-Instance`. */
  readonly instanceId: string;
  /** 32 hexadecimal digits. */
  readonly accountId: string;
  readonly cname: string;
  readonly ctype: string;
  readonly service: string;
  readonly region: string;
}

export interface TlsMaterial {
  /** PEM, with its chain. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** How long a root key rests between two actions. */
export interface KeyActionDelays {
  /** From its last change until it can be enabled. */
  readonly enableAfterMs: number;
  /** From one rotation to the next. */
  readonly rotateAfterMs: number;
}

/** As Key Protect has them. */
export const DEFAULT_KEY_ACTION_DELAYS: KeyActionDelays = {
  enableAfterMs: 30_000,
  rotateAfterMs: 3_600_000,
};

/** A request that was answered. None of it is text of the caller. */
export interface AnsweredRequest {
  readonly method: string;
  /** Pattern of the path, e.g. `/api/v2/keys/:key`; undefined where nothing is. */
  readonly route: string | undefined;
  readonly status: number;
  readonly durationMs: number;
}

/** A request whose header was read. */
export interface BegunRequest {
  readonly method: string;
  /** Pattern of the path; undefined where nothing is. */
  readonly route: string | undefined;
  /** The same that its events, its lines in the log and its answer have. */
  readonly correlationId: string;
  /** As the caller has sent them: text of a stranger. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Follows one request. */
export interface RequestWatch {
  /** Goes on with the request, in steps; may keep what belongs to it in the asynchronous context. */
  within(proceed: () => void): void;
  /** It was answered. */
  answered(status: number): void;
}

export interface ManagementApiOptions extends InstanceOptions {
  /** HTTPS; without it plain HTTP, for tests and behind a proxy on the same machine. */
  readonly tls?: TlsMaterial | undefined;
  /** Events tell the address of the caller for `public` only. */
  readonly network: 'private' | 'public';
  /** Callers of a public API that come over a private network all the same. */
  isPrivateAddress?(address: string): boolean;
  /**
   * For an API behind balancers: who is on the other end of a new connection, from what the balancer sent
   * before TLS, which it takes off the socket. Undefined closes the connection. Never rejects. Without it
   * the peer is the caller.
   */
  readClientAddress?(socket: Socket): Promise<string | undefined>;
  /** `iss` of the tokens made here, e.g. `https://kmip.example/identity`. */
  readonly issuer: string;
  /** The key that signs tokens; asked for at each use, so that it may be replaced. */
  tokenSigningKey(): Promise<TokenSigningKey>;
  /** How long a token is good for, in seconds; 3,600 unless told. */
  readonly tokenLifetimeSeconds?: number | undefined;
  /** Other issuers whose tokens are accepted; each `iss` once. */
  readonly oidc?: readonly ExternalIssuerOptions[] | undefined;
  /** Switch for old rigs: weak keys and signatures of client certificates are accepted. */
  readonly allowWeakCertificates?: boolean | undefined;
  /** Signs the certificates of clients; without it no such endpoints are offered. */
  readonly clientCertificates?: ClientCertificateIssuer | undefined;
  readonly keyActionDelays?: KeyActionDelays | undefined;
  readonly loginLimits?: LoginLimits | undefined;
  readonly health?: HealthHandlers | undefined;
  /** Follows each request from its header to its answer, e.g. as a span of a trace; must not throw. */
  watchRequest?(request: BegunRequest): RequestWatch;
  /** Called after each answer, for whoever counts them; must not throw. */
  onAnswered?(request: AnsweredRequest): void;
}
