/** Whether a chain of certificates holds (RFC 5280 §6), from the certificate at its end up to an authority. */

import { X509Certificate } from 'node:crypto';
import { pathLengthOf } from './certificate-extensions.ts';
import { certificateValidityAt } from './certificate-validity.ts';
import { checksEverything } from './issued-by.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import { weaknessOfSignature } from './weakness.ts';

/** `unknown`: nothing speaks against the chain, but it cannot be followed to the end, or not be checked. */
export type ChainVerdict = 'valid' | 'invalid' | 'unknown';

export interface CertificateChain {
  /** All of them belong to the chain, in any order. */
  readonly given: readonly ParsedCertificate[];
  /** May stand above those given. What has signed itself among them is trusted. */
  readonly held: readonly ParsedCertificate[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * Follows the chain from its end: names and key identifiers must fit, each issuer must be an authority that
 * may sign certificates, signatures must verify, every date must hold, path lengths must not be exceeded, and
 * no certificate given may be left over. Extensions that limit a certificate in a way that is not looked at,
 * Name Constraints above all, and signatures that can be forged make it `unknown`. Revocation lists are not
 * asked.
 *
 * The work grows with the square of the number of certificates: the caller bounds it.
 */
export function validateChain({ given, held, at }: CertificateChain): ChainVerdict {
  const certificates = unique(given).map(opened);
  const ends = certificates.filter(
    (one) => !certificates.some((other) => other !== one && hasIssued(one, other)),
  );
  const [end] = ends;
  if (end === undefined || ends.length > 1) return 'invalid';
  const path = pathFrom(end, [...certificates, ...unique(held).map(opened)]);
  if (path.isBroken || certificates.some((one) => !path.of.some(isSameAs(one)))) return 'invalid';
  if (!path.of.every((one) => certificateValidityAt(one.parsed, at) === 'valid')) return 'invalid';
  if (path.of.some(exceedsPathLength)) return 'invalid';
  const top = path.of.at(-1);
  const isTrusted = top !== undefined && held.some((one) => isSameAs(top)({ parsed: one }));
  const isForgeable = path.of.some(
    (one) => one !== top && weaknessOfSignature(one.parsed.signatureAlgorithm) !== undefined,
  );
  return isTrusted &&
    !isForgeable &&
    hasSignedItself(top) &&
    path.of.every(({ parsed }) => checksEverything(parsed))
    ? 'valid'
    : 'unknown';
}

interface Opened {
  readonly parsed: ParsedCertificate;
  readonly x509: X509Certificate;
}

function opened(parsed: ParsedCertificate): Opened {
  return { parsed, x509: new X509Certificate(parsed.der) };
}

interface Path {
  /** From the end upwards, as far as issuers are known. */
  readonly of: readonly Opened[];
  /** Whether a certificate names an issuer that is here but has not signed it, or may not. */
  readonly isBroken: boolean;
}

function pathFrom(end: Opened, candidates: readonly Opened[]): Path {
  const path = [end];
  for (let last = end; !hasSignedItself(last); ) {
    const named = candidates.filter((one) => !path.includes(one) && isNamedAsIssuer(one, last));
    const issuer = named.find((one) => one.parsed.isCa && hasSigned(one, last));
    if (issuer === undefined) return { of: path, isBroken: named.length > 0 };
    path.push(issuer);
    last = issuer;
  }
  return { of: path, isBroken: false };
}

function hasIssued(issuer: Opened, issued: Opened): boolean {
  return isNamedAsIssuer(issuer, issued) && !hasSignedItself(issued);
}

/** Names, key identifiers and Key Usage; not the signature. */
function isNamedAsIssuer(issuer: Opened, issued: Opened): boolean {
  return issued.x509.checkIssued(issuer.x509);
}

function hasSigned(issuer: Opened, issued: Opened): boolean {
  try {
    return issued.x509.verify(issuer.x509.publicKey);
  } catch {
    return false; // A key that cannot have made such a signature.
  }
}

function hasSignedItself(one: Opened): boolean {
  return isNamedAsIssuer(one, one) && hasSigned(one, one);
}

/** Authorities below one that says how many there may be (RFC 5280 §4.2.1.9), the end not counted. */
function exceedsPathLength(one: Opened, position: number): boolean {
  const limit = position === 0 ? undefined : pathLengthOf(one.parsed.der);
  return limit !== undefined && position - 1 > limit;
}

function isSameAs(one: { readonly parsed: ParsedCertificate }) {
  return (other: { readonly parsed: ParsedCertificate }) =>
    one.parsed.fingerprintSha256 === other.parsed.fingerprintSha256;
}

function unique(certificates: readonly ParsedCertificate[]): readonly ParsedCertificate[] {
  return [...new Map(certificates.map((one) => [one.fingerprintSha256, one])).values()];
}
