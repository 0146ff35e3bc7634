/**
 * Validate (1.4 §4.24, 2.1 §6.1.57): whether a chain of certificates holds. The trust anchors are the
 * self-signed certificates that the adapter holds; those that it holds in between complete a chain, too.
 * Revocation counts where the adapter holds the revoked certificate; revocation lists are not asked.
 */

import type { Predicate } from '@claviger/key-store';
import {
  attribute,
  type Certificate,
  ClavigerError,
  isAtLeast,
  OPERATION_SCHEMAS,
  type RequestOf,
} from '@claviger/kmip-protocol';
import {
  certificateNames,
  type ParsedCertificate,
  PkiError,
  parseCertificate,
  validateChain,
} from '@claviger/pki';
import { isArchived } from '../lifecycle/archive.ts';
import type { State } from '../lifecycle/state.ts';
import { fieldEntries, textValue } from '../objects/index-entries.ts';
import { handler, type OperationContext } from './operation-handler.ts';

type ValidateRequest = RequestOf<typeof OPERATION_SCHEMAS.Validate>;

/** Longer chains nobody has. */
const MAX_CERTIFICATES = 16;
/** Of one issuer: its certificate was renewed some times. */
const MAX_OF_ISSUER = 4;
/** How many certificates that the adapter holds are looked at. */
const MAX_HELD = 16;

const REVOKED: ReadonlySet<State> = new Set<State>([
  'Deactivated',
  'Compromised',
  'Destroyed',
  'DestroyedCompromised',
]);

export const validate = handler<'Validate'>(
  OPERATION_SCHEMAS.Validate,
  async (context, request) => {
    const { given, isRevoked } = await chainOf(context, request);
    const held = await heldAbove(context, given);
    const at = (request.validityDate ?? context.nowSeconds) * 1000;
    const verdict = isRevoked ? 'invalid' : validateChain({ given, held, at });
    return { response: { validityIndicator: INDICATORS[verdict] }, audit: {} };
  },
);

const INDICATORS = { valid: 'Valid', invalid: 'Invalid', unknown: 'Unknown' } as const;

interface GivenChain {
  readonly given: readonly ParsedCertificate[];
  readonly isRevoked: boolean;
}

/** @throws ClavigerError `invalid-message` when the request does not name certificates (1.4 §11.25). */
async function chainOf(context: OperationContext, request: ValidateRequest): Promise<GivenChain> {
  const { certificate, uniqueIdentifier } = request;
  const count = certificate.length + uniqueIdentifier.length;
  if (count === 0 || count > MAX_CERTIFICATES) {
    throw new ClavigerError(
      'invalid-message',
      `a chain has 1 to ${MAX_CERTIFICATES} certificates, the request has ${count}`,
    );
  }
  const given = certificate.map(parsed);
  let isRevoked = false;
  for (const identifier of uniqueIdentifier) {
    const { object, state } = await context.find(identifier);
    if (object.objectType !== 'Certificate') {
      // 1.x has one reason for whatever is no list of certificates (1.4 §11.25).
      const code = isAtLeast(context.version, '2.0') ? 'invalid-object-type' : 'invalid-message';
      throw new ClavigerError(code, 'an object of the chain is no certificate');
    }
    const content = context.open(object).certificate;
    if (content !== undefined) given.push(parsed(content));
    isRevoked ||= REVOKED.has(state);
  }
  return { given, isRevoked };
}

/** The certificates of the adapter by which the chain may go on: the issuers of those given, and theirs. */
async function heldAbove(
  context: OperationContext,
  given: readonly ParsedCertificate[],
): Promise<readonly ParsedCertificate[]> {
  const held = new Map<string, ParsedCertificate>();
  const asked = new Set<string>();
  const open = [...given];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { issuer } = certificateNames(next.der);
    const name = Buffer.from(issuer.der).toString('hex');
    if (asked.has(name) || held.size >= MAX_HELD) continue;
    asked.add(name);
    const page = { offset: 0, limit: MAX_OF_ISSUER };
    const { ids } = await context.locate(certificatesOf(issuer.der), page);
    for (const id of ids) {
      const found = await context.read(id);
      if (found === undefined || REVOKED.has(found.state) || isArchived(found.object)) continue;
      const content = context.open(found.object).certificate;
      if (content?.certificateType !== 'X_509') continue;
      const certificate = parsed(content);
      held.set(certificate.fingerprintSha256, certificate);
      open.push(certificate);
    }
  }
  return [...held.values()];
}

/** Certificates of a subject, by its name in DER; destroyed ones are found no more. */
function certificatesOf(subjectDistinguishedName: Uint8Array): Predicate {
  const subject = { subjectDistinguishedName, subjectAlternativeName: [] };
  const entries = fieldEntries(attribute('X_509CertificateSubject', subject));
  return {
    kind: 'and',
    of: [
      { kind: 'equals', name: 'Object Type', value: textValue('Certificate') },
      { kind: 'not', of: { kind: 'equals', name: 'State', value: textValue('Destroyed') } },
      ...entries.map(({ name, value }) => ({ kind: 'equals', name, value }) as const),
    ],
  };
}

/** @throws ClavigerError `feature-not-supported` for other certificates than X.509, `invalid-field`. */
function parsed({ certificateType, certificateValue }: Certificate): ParsedCertificate {
  if (certificateType !== 'X_509') {
    throw new ClavigerError('feature-not-supported', 'only X.509 certificates can be validated');
  }
  try {
    return parseCertificate(certificateValue);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new ClavigerError('invalid-field', `a certificate cannot be read: ${cause.message}`, {
      cause,
    });
  }
}
