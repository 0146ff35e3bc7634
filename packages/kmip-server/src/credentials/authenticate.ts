/**
 * Checks the Authentication of a request (1.4 §6.6, 2.1 §9.4). The certificate has said which adapter the
 * client belongs to; a credential says beside it which client of the adapter this is.
 *
 * An adapter that has no credentials asks for none, and clients that send some all the same are let
 * through: vCenter does when somebody fills in the fields. As soon as it has one, whatever is shown must
 * be good. A message without credentials acts as the certificate alone, and reaches no object that
 * belongs to a credential.
 */

import type { CredentialRecord } from '@claviger/key-store';
import {
  ClavigerError,
  CREDENTIAL_VALUES,
  type Credential,
  decodeItem,
  type RequestHeader,
  type Version,
} from '@claviger/kmip-protocol';
import type { KmipServerDependencies } from '../dependencies.ts';
import { adapterKeyOf } from '../objects/adapter-key.ts';
import type { Principal } from '../principal.ts';
import { type LoginTickets, ticketOwnerOf } from '../tickets/login-tickets.ts';
import { type Access, BY_CERTIFICATE } from './access.ts';
import { deviceIdentity, userIdentity } from './credential-identity.ts';
import { createFailedAttempts } from './failed-attempts.ts';
import { isHashedPassword, isPasswordDigest, serverHashedPassword } from './hashed-password.ts';
import { stepOfPassword } from './one-time-password.ts';
import { createPasswordHashes } from './password-hash.ts';
import { openSecrets, type SealedSecrets } from './sealed-secrets.ts';
import { createVerifiedPasswords } from './verified-passwords.ts';

/** How far the clock of a client may be ahead where it hashes its password with the time. */
const MAX_AHEAD_MS = 5 * 60_000;

export interface AuthenticationRequest {
  readonly header: RequestHeader;
  readonly version: Version;
  /** How many operations the message asks for. */
  readonly itemCount: number;
  readonly principal: Principal;
}

/**
 * @throws ClavigerError `authentication-failed`, `attestation-failed`, `root-key-unusable`, `overloaded`,
 * `invalid-message`, `invalid-field`, `feature-not-supported`.
 */
export type Authenticate = (request: AuthenticationRequest) => Promise<Access>;

export function createAuthenticate(
  dependencies: Pick<
    KmipServerDependencies,
    'store' | 'keys' | 'clock' | 'steadyClock' | 'randomness'
  >,
  tickets: Pick<LoginTickets, 'use'>,
): Authenticate {
  const { store, keys, clock, steadyClock = clock, randomness } = dependencies;
  const randomBytes = (count: number) => randomness.bytes(count);
  const passwords = createPasswordHashes(randomBytes);
  const verified = createVerifiedPasswords(steadyClock, randomBytes);
  const attempts = createFailedAttempts(steadyClock);

  async function readCredential(
    { credentialType, credentialValue: item }: Credential,
    { version, principal, itemCount }: AuthenticationRequest,
  ): Promise<Access> {
    switch (credentialType) {
      case 'UsernameAndPassword': {
        const { username, password } = decodeItem(
          CREDENTIAL_VALUES.UsernameAndPassword,
          item,
          version,
        );
        return await checked(principal, userIdentity(username), async (found) => {
          const isRight = await isPassword(principal, found, password);
          // Where a one-time password is asked for, a password alone is not enough.
          return isRight && secretsOf(principal, found).oneTimeSecret === undefined;
        });
      }
      case 'Device': {
        const value = decodeItem(CREDENTIAL_VALUES.Device, item, version);
        return await checked(principal, deviceIdentity(value), (found) =>
          isPassword(principal, found, value.password),
        );
      }
      case 'OneTimePassword': {
        const value = decodeItem(CREDENTIAL_VALUES.OneTimePassword, item, version);
        return await checked(principal, userIdentity(value.username), async (found) => {
          if (!(await isPassword(principal, found, value.password))) return false;
          return await attempt(principal, () => isOneTimePassword(principal, found, value));
        });
      }
      case 'HashedPassword': {
        const value = decodeItem(CREDENTIAL_VALUES.HashedPassword, item, version);
        let shownBack: Uint8Array | undefined;
        const access = await checked(principal, userIdentity(value.username), (found) =>
          attempt(principal, async () => {
            shownBack = await answerToHashed(principal, found, value);
            return shownBack !== undefined;
          }),
        );
        return { ...access, serverHashedPassword: shownBack };
      }
      case 'Ticket': {
        const { ticket } = decodeItem(CREDENTIAL_VALUES.Ticket, item, version);
        return tickets.use(ticketOwnerOf(principal), ticket.ticketValue, itemCount);
      }
      case 'Attestation':
        throw new ClavigerError(
          'attestation-failed',
          'this server verifies no attestation; leave it out',
        );
      default:
        throw new ClavigerError(
          'feature-not-supported',
          `credentials of type ${credentialType} are not known`,
        );
    }
  }

  /** Finds the credential and tries it; a name that nobody has takes as long as a wrong password. */
  async function checked(
    { record: { adapter } }: Principal,
    identity: string,
    isGood: (found: CredentialRecord | undefined) => Promise<boolean>,
  ): Promise<Access> {
    const found = await store.findCredentialOfIdentity(adapter.id, identity);
    if (found === undefined && (await store.listCredentials(adapter.id)).length === 0) {
      return BY_CERTIFICATE;
    }
    if (!(await isGood(found)) || found === undefined) throw wrong();
    return { credential: { id: found.id, name: found.name }, rights: [] };
  }

  async function attempt(
    { record: { adapter, certificate } }: Principal,
    isGood: () => Promise<boolean>,
  ): Promise<boolean> {
    return await attempts.attempt(`${adapter.id} ${certificate.fingerprintSha256}`, isGood);
  }

  async function isPassword(
    principal: Principal,
    found: CredentialRecord | undefined,
    password: string | undefined,
  ): Promise<boolean> {
    // A device may have no secret; then it shows none.
    if (found?.verifier === null)
      return await attempt(principal, async () => password === undefined);
    const shown = password ?? '';
    const verifier = found?.verifier;
    const compute = () => attempt(principal, () => passwords.matches(shown, verifier));
    return verifier === undefined
      ? await compute()
      : await verified.check(verifier, shown, compute);
  }

  async function isOneTimePassword(
    principal: Principal,
    found: CredentialRecord | undefined,
    shown: { readonly oneTimePassword: string },
  ): Promise<boolean> {
    if (found === undefined) return false;
    const { oneTimeSecret } = secretsOf(principal, found);
    if (oneTimeSecret === undefined) return false;
    const step = stepOfPassword(oneTimeSecret, shown.oneTimePassword, clock.now());
    return step !== undefined && (await isFirstUse(found, step));
  }

  /** @returns what the server shows for its part; undefined when the password is not good. */
  async function answerToHashed(
    principal: Principal,
    found: CredentialRecord | undefined,
    shown: {
      readonly timeStamp: bigint;
      readonly hashingAlgorithm?: string | undefined;
      readonly hashedPassword: Uint8Array;
    },
  ): Promise<Uint8Array | undefined> {
    if (found === undefined) return undefined;
    const digest = shown.hashingAlgorithm ?? 'SHA_256';
    const { hashedHalves, oneTimeSecret } = secretsOf(principal, found);
    if (hashedHalves === undefined || oneTimeSecret !== undefined || !isPasswordDigest(digest)) {
      return undefined;
    }
    const { timeStamp } = shown;
    const latest = BigInt(clock.now() + MAX_AHEAD_MS) * 1000n;
    if (timeStamp <= 0n || timeStamp > latest) return undefined;
    const halves = hashedHalves[digest];
    if (!isHashedPassword(digest, halves, timeStamp, shown.hashedPassword)) return undefined;
    if (!(await isFirstUse(found, Number(timeStamp)))) return undefined;
    return serverHashedPassword(digest, halves, timeStamp);
  }

  /** Durable before anything is done with it: what was good once is not good again, also after a crash. */
  async function isFirstUse({ id }: CredentialRecord, proof: number): Promise<boolean> {
    const using = { kind: 'use-credential', id, proof } as const;
    const outcome = await store.commit({ guards: [], changes: [using], events: [] });
    return outcome.kind === 'committed';
  }

  function secretsOf(
    { record: { adapter, rootKey } }: Principal,
    found: CredentialRecord | undefined,
  ): SealedSecrets {
    if (found === undefined || found.sealed === null) return {};
    if (rootKey.state !== 'enabled') {
      throw new ClavigerError(
        'root-key-unusable',
        'the root key of the adapter is disabled or deleted, and what checks the credential with it',
      );
    }
    return openSecrets(keys, adapterKeyOf(adapter, rootKey), found.id, found.sealed);
  }

  return async (request) => {
    let access = BY_CERTIFICATE;
    for (const credential of request.header.authentication?.credential ?? []) {
      const shown = await readCredential(credential, request);
      const another = shown.credential?.id;
      if (access.credential !== undefined && another !== undefined) {
        if (another !== access.credential.id) throw wrong();
      }
      access = {
        credential: access.credential ?? shown.credential,
        rights: [...access.rights, ...shown.rights],
        ticket: shown.ticket ?? access.ticket,
        serverHashedPassword: shown.serverHashedPassword ?? access.serverHashedPassword,
      };
    }
    return access;
  };
}

function wrong(): ClavigerError {
  return new ClavigerError(
    'authentication-failed',
    'the credential is not one of the adapter, or its secret is wrong',
  );
}
