/** What is too weak to know a client by: the one place that says so, for certificates and requests. */

import type { KeyObject } from 'node:crypto';
import { DerTag, partsOf, readDer } from './der.ts';
import type { SignatureAlgorithm } from './signature-algorithm.ts';

/** Why a key or a signature is not accepted. */
export interface Weakness {
  readonly code: 'weak-key' | 'weak-signature' | 'unsupported-key';
  /** A part of a sentence, without full stop: `the RSA key has 1024 bits, at least 2048 are needed`. */
  readonly reason: string;
  /** Whether a switch for old rigs may let it pass. */
  readonly tolerable: boolean;
}

/** NIST SP 800-131A: 112 bits of security. */
const MIN_RSA_BITS = 2048;
/** What OpenSSL verifies at most; a longer one only costs time. */
const MAX_RSA_BITS = 16_384;
/** Below this a key can be broken by anybody who cares to: no switch lets it pass. */
const MIN_TOLERABLE_RSA_BITS = 1024;
const MIN_EC_BITS = 224;
const MIN_TOLERABLE_EC_BITS = 160;

/** Bits of the curves that are known here, by their names in OpenSSL. */
const CURVE_BITS: Readonly<Record<string, number>> = {
  secp160r1: 160,
  secp160r2: 160,
  secp160k1: 160,
  prime192v1: 192,
  secp192k1: 192,
  secp224r1: 224,
  secp224k1: 224,
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
  brainpoolP160r1: 160,
  brainpoolP192r1: 192,
  brainpoolP224r1: 224,
  brainpoolP256r1: 256,
  brainpoolP320r1: 320,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};

/** Hashes for which signatures with the same value have been found, or nearly. */
const BROKEN_HASHES: readonly string[] = ['md2', 'md4', 'md5', 'sha1'];

/** Judges a public key; undefined when nothing speaks against it. */
export function weaknessOfKey(key: KeyObject): Weakness | undefined {
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return weaknessOfRsaKey(key);
    case 'ec':
      return weaknessOfEcKey(key);
    case 'ed25519':
    case 'ed448':
      return undefined;
    default:
      return unsupported(
        `keys of the kind ${key.asymmetricKeyType ?? 'unknown'} cannot be used for TLS; use RSA or EC`,
      );
  }
}

/** Judges how a certificate or request is signed; undefined when nothing speaks against it. */
export function weaknessOfSignature({
  name,
  scheme,
  hash,
}: SignatureAlgorithm): Weakness | undefined {
  if (hash !== undefined && BROKEN_HASHES.includes(hash)) {
    return {
      code: 'weak-signature',
      reason: `it is signed with ${hash.toUpperCase().replace('SHA', 'SHA-')} (${name}), which can be forged; SHA-256 or better is needed`,
      tolerable: true,
    };
  }
  if (hash === undefined && scheme !== 'eddsa') {
    return {
      code: 'weak-signature',
      reason: `it is signed in a way that is not known here (${name}); SHA-256 with RSA or ECDSA is`,
      tolerable: true,
    };
  }
  return undefined;
}

function weaknessOfRsaKey(key: KeyObject): Weakness | undefined {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength > MAX_RSA_BITS) {
    return unsupported(`the RSA key has ${modulusLength} bits, at most ${MAX_RSA_BITS} are usable`);
  }
  if (publicExponent < 3n || publicExponent % 2n === 0n) {
    return {
      code: 'weak-key',
      reason: 'the public exponent of the RSA key protects nothing; usual is 65537',
      tolerable: false,
    };
  }
  if (modulusLength < MIN_RSA_BITS) {
    return {
      code: 'weak-key',
      reason: `the RSA key has ${modulusLength} bits, at least ${MIN_RSA_BITS} are needed`,
      tolerable: modulusLength >= MIN_TOLERABLE_RSA_BITS,
    };
  }
  return undefined;
}

function weaknessOfEcKey(key: KeyObject): Weakness | undefined {
  if (!hasNamedCurve(key)) {
    return unsupported(
      'the EC key describes its curve by numbers instead of naming it (RFC 5480); use a named curve, P-256 for example',
    );
  }
  const curve = key.asymmetricKeyDetails?.namedCurve ?? 'unknown';
  const bits = CURVE_BITS[curve];
  if (bits === undefined) {
    return unsupported(`the EC curve ${curve} is not known here; use P-256, P-384 or P-521`);
  }
  if (bits < MIN_EC_BITS) {
    return {
      code: 'weak-key',
      reason: `the EC key has ${bits} bits (${curve}), at least ${MIN_EC_BITS} are needed`,
      tolerable: bits >= MIN_TOLERABLE_EC_BITS,
    };
  }
  return undefined;
}

/** OpenSSL gives a curve its name also when the key spells it out; only the encoding tells. */
function hasNamedCurve(key: KeyObject): boolean {
  const spki = readDer(new Uint8Array(key.export({ type: 'spki', format: 'der' })));
  const [, parameters] = partsOf(partsOf(spki, DerTag.Sequence)[0], DerTag.Sequence);
  return parameters?.tag === DerTag.ObjectIdentifier;
}

function unsupported(reason: string): Weakness {
  return { code: 'unsupported-key', reason, tolerable: false };
}
