/** Who asked: the kinds of initiators, and how an event names them. */
import { isIP } from 'node:net';
import type { CredentialType, EventHost, EventInitiator, InitiatorType } from './event.ts';

/** Where the request came from. */
interface Origin {
  /** IP address of the peer. Leave it out for requests over a private network. */
  readonly hostAddress?: string | undefined;
  /** Client software, when known. */
  readonly agent?: string | undefined;
}

/** A KMIP client with its TLS certificate. */
export interface CertificateInitiator extends Origin {
  readonly kind: 'certificate';
  /** SHA-256 (or SHA-1) over the DER, in hex; colons and capitals are taken away. */
  readonly fingerprint: string;
  /** Registered name; the id is repeated when there is none. */
  readonly name?: string | undefined;
}

/** A person or a service that IAM knows. */
export interface IamInitiator extends Origin {
  readonly kind: 'user' | 'service-id';
  /** `IBMid-...` for a user; `iam-ServiceId-...` or `iam-Profile-...` for a service. */
  readonly id: string;
  readonly name: string;
  readonly credential: 'token' | 'user' | 'apikey' | 's2s-authorization';
}

/** Somebody with an account of the machine that runs the command line. */
export interface LocalUserInitiator extends Origin {
  readonly kind: 'local-user';
  /** Account name in the operating system. */
  readonly account: string;
}

/** The gateway itself, e.g. at start-up. */
export interface SystemInitiator {
  readonly kind: 'system';
}

/** A peer that showed nothing it could be named by, e.g. a connection without a certificate. */
export interface AnonymousInitiator extends Origin {
  readonly kind: 'anonymous';
}

export type Initiator =
  | CertificateInitiator
  | IamInitiator
  | LocalUserInitiator
  | SystemInitiator
  | AnonymousInitiator;

const FINGERPRINT = /^(?:[0-9a-f]{64}|[0-9a-f]{40})$/;
const IAM_IDS = { user: /^IBMid-\S+$/, 'service-id': /^iam-(?:ServiceId|Profile)-\S+$/ } as const;
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const MAX_AGENT_LENGTH = 256;

/**
 * `CertificateID-` and the fingerprint in lower-case hex without colons.
 *
 * @throws TypeError when the text is no SHA-256 or SHA-1 fingerprint.
 */
export function certificateInitiatorId(fingerprint: string): string {
  const hex = fingerprint.replaceAll(':', '').toLowerCase();
  if (!FINGERPRINT.test(hex)) {
    throw new TypeError('A certificate initiator needs a SHA-256 or SHA-1 fingerprint in hex.');
  }
  return `CertificateID-${hex}`;
}

/**
 * Names an initiator as events do.
 *
 * @throws TypeError when a fingerprint, IAM id or address has the wrong form.
 */
export function toEventInitiator(initiator: Initiator): EventInitiator {
  switch (initiator.kind) {
    case 'certificate': {
      const id = certificateInitiatorId(initiator.fingerprint);
      const name = initiator.name ?? id;
      return named(id, name, 'service/security/client/certificateid', 'certificate', initiator);
    }
    case 'user':
    case 'service-id': {
      if (!IAM_IDS[initiator.kind].test(initiator.id)) {
        throw new TypeError(`"${initiator.id}" is no id of a ${initiator.kind}.`);
      }
      const typeURI =
        initiator.kind === 'user'
          ? 'service/security/account/user'
          : 'service/security/account/serviceid';
      return named(initiator.id, initiator.name, typeURI, initiator.credential, initiator);
    }
    case 'local-user': {
      const { account } = initiator;
      return named(
        `LocalUser-${account}`,
        account,
        'service/security/account/user',
        'user',
        initiator,
      );
    }
    case 'system':
      return named(
        'claviger',
        'claviger',
        'service/security/account/serviceid',
        's2s-authorization',
        {},
      );
    case 'anonymous':
      return named(
        'anonymous',
        'anonymous',
        'service/security/clientid',
        'public-access',
        initiator,
      );
  }
}

function named(
  id: string,
  name: string,
  typeURI: InitiatorType,
  credentialType: CredentialType,
  origin: Origin,
): EventInitiator {
  const host = toEventHost(origin);
  const who = { id, name, typeURI, credential: { type: credentialType } };
  return host === undefined ? who : { ...who, host };
}

function toEventHost({ hostAddress, agent }: Origin): EventHost | undefined {
  if (hostAddress === undefined && agent === undefined) return undefined;
  return {
    ...(agent === undefined ? {} : { agent: agent.slice(0, MAX_AGENT_LENGTH) }),
    ...(hostAddress === undefined ? {} : addressFields(hostAddress)),
  };
}

function addressFields(hostAddress: string): Pick<EventHost, 'address' | 'addressType'> {
  // A socket that listens on IPv6 for both shows its IPv4 peers in this form.
  const address = MAPPED_IPV4.exec(hostAddress)?.[1] ?? hostAddress;
  const version = isIP(address);
  if (version === 0) throw new TypeError(`"${hostAddress}" is no IP address.`);
  return { address, addressType: version === 4 ? 'IPv4' : 'IPv6' };
}
