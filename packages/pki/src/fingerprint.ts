import { createHash } from 'node:crypto';
import { PkiError } from './error.ts';

declare const brand: unique symbol;

/** Hash over the DER of a certificate: lower-case hex without colons. Made by this file only. */
export type Fingerprint = string & { readonly [brand]: 'Fingerprint' };

/** `sha1` only because vCenter shows it; what is compared is `sha256`. */
export type FingerprintAlgorithm = 'sha256' | 'sha1';

/** The fingerprint of a certificate: 64 digits for SHA-256, 40 for SHA-1. */
export function fingerprintOf(der: Uint8Array, algorithm: FingerprintAlgorithm): Fingerprint {
  return brandFingerprint(createHash(algorithm).update(der).digest('hex'));
}

/**
 * Parses a fingerprint as people copy it: upper or lower case, all pairs of digits separated by colons
 * or none, white space around it.
 *
 * @throws PkiError `not-a-fingerprint`.
 */
export function parseFingerprint(text: string): Fingerprint {
  // Longest form: 64 digits, 31 colons; more is not worth a look. White space is generous.
  const digits = text.length > 256 ? '' : withoutColons(text.trim());
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(digits)) {
    throw new PkiError(
      'not-a-fingerprint',
      'a fingerprint has 64 (SHA-256) or 40 (SHA-1) hexadecimal digits, with a colon after every two or without colons',
    );
  }
  return brandFingerprint(digits.toLowerCase());
}

/** The form that vCenter, browsers and `openssl x509 -fingerprint` show: `AB:CD:...`. */
export function colonForm(fingerprint: Fingerprint): string {
  return (fingerprint.toUpperCase().match(/../g) ?? []).join(':');
}

function withoutColons(text: string): string {
  return /^[^:]{2}(?::[^:]{2})+$/.test(text) ? text.replaceAll(':', '') : text;
}

// The one place where text becomes a Fingerprint: both callers have checked or computed the digits.
function brandFingerprint(hex: string): Fingerprint {
  return hex as Fingerprint;
}
