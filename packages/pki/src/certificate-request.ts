/**
 * Reads certificate signing requests (PKCS#10, RFC 2986). node:crypto cannot; so their frame is read
 * here, strictly as DER, and the public key and signature by OpenSSL.
 */

import { constants, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { hasInvisibleCharacters } from './certificate-text.ts';
import { bitStringBytes, type DerElement, DerTag, expectTag, partsOf, readDer } from './der.ts';
import { PkiError } from './error.ts';
import { readRequestBytes } from './pem-or-der.ts';
import { readSignatureAlgorithm, type SignatureAlgorithm } from './signature-algorithm.ts';

/** A signing request, of which neither signature nor strength was judged. */
export interface ParsedRequest {
  /** What the signature is over. */
  readonly signedBytes: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  /** DER of the name, as the request has it. */
  readonly subjectDer: Uint8Array;
  readonly publicKey: KeyObject;
  /** `[0]` of the request, in which wishes for the certificate stand. */
  readonly attributes: DerElement | undefined;
}

/** Longest name in DER; a usual one has 50 to 200 bytes. */
const MAX_SUBJECT_BYTES = 4096;

const UTF8 = {
  decode: (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes),
};
const LATIN1 = { decode: (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1') };
const UTF16 = {
  decode: (bytes: Uint8Array) => new TextDecoder('utf-16be', { fatal: true }).decode(bytes),
};

/** Kinds of text that stand in names, by identifier octet (RFC 5280 §4.1.2.4). */
const TEXTS: Readonly<Record<number, { decode(bytes: Uint8Array): string }>> = {
  12: UTF8,
  18: LATIN1, // NumericString
  19: LATIN1, // PrintableString
  20: LATIN1, // TeletexString: Latin-1 in practice, also for OpenSSL
  22: LATIN1, // IA5String
  26: LATIN1, // VisibleString
  30: UTF16, // BMPString
};

/** The kinds of key that sign in a way. */
const SIGNING_KEY_TYPES = {
  rsa: ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  dsa: ['dsa'],
  eddsa: ['ed25519', 'ed448'],
  unknown: [],
} as const satisfies Record<SignatureAlgorithm['scheme'], readonly string[]>;

/**
 * Parses one signing request.
 *
 * @param pemOrDer - At most 64 KiB; PEM as text or bytes, with any text around it, or DER.
 * @throws PkiError `too-large`, `not-a-request`, `is-a-private-key`, `several-requests`, `malformed`,
 * `unsupported-key`.
 */
export function parseRequest(pemOrDer: string | Uint8Array): ParsedRequest {
  const { der, pem } = readRequestBytes(pemOrDer);
  const { info, algorithm, signature } = readFrame(der, pem !== undefined);
  const [, subject, publicKey, attributes] = info.parts;
  return {
    signedBytes: info.bytes,
    signatureAlgorithm: readSignatureAlgorithm(algorithm),
    signature: bitStringBytes(signature),
    subjectDer: checkedSubject(subject),
    publicKey: readPublicKey(expectTag(publicKey, DerTag.Sequence)),
    // RFC 2986 wants it, empty if need be; some programs leave it out all the same.
    attributes: attributes === undefined ? undefined : expectTag(attributes, DerTag.Context0),
  };
}

/**
 * Checks that who made the request has the private key to the public key in it. Whether the signature
 * is strong is another question (`weaknessOfSignature`).
 *
 * @throws PkiError `bad-signature`.
 */
export function checkProofOfPossession(request: ParsedRequest): void {
  const { publicKey, signatureAlgorithm, signedBytes, signature } = request;
  const types: readonly string[] = SIGNING_KEY_TYPES[signatureAlgorithm.scheme];
  if (
    !types.includes(publicKey.asymmetricKeyType ?? '') ||
    !isSignedBy(publicKey, signatureAlgorithm, signedBytes, signature)
  ) {
    throw new PkiError(
      'bad-signature',
      'the signature of the certificate signing request does not belong to its public key: it was changed on its way, or made by somebody who does not have the key; make a new one',
    );
  }
}

interface Frame {
  readonly info: { readonly bytes: Uint8Array; readonly parts: readonly DerElement[] };
  readonly algorithm: DerElement | undefined;
  readonly signature: DerElement | undefined;
}

/** Finds out whether this is a request at all. */
function readFrame(der: Uint8Array, fromPem: boolean): Frame {
  try {
    const [info, algorithm, signature, more] = partsOf(readDer(der), DerTag.Sequence);
    const parts = partsOf(info, DerTag.Sequence);
    const version = expectTag(parts[0], DerTag.Integer).content;
    if (info === undefined || more !== undefined || parts.length > 4) {
      throw new PkiError('malformed', 'there are more parts than a request has');
    }
    if (version.length !== 1 || version[0] !== 0) {
      throw new PkiError('malformed', 'the request is of another version than 1');
    }
    return { info: { bytes: info.bytes, parts }, algorithm, signature };
  } catch (cause) {
    if (isCertificate(der)) {
      throw new PkiError(
        'not-a-request',
        'this is a certificate, not a certificate signing request',
        {
          cause,
        },
      );
    }
    throw fromPem
      ? new PkiError('malformed', 'the PEM block does not hold a certificate signing request', {
          cause,
        })
      : new PkiError(
          'not-a-request',
          'these bytes are neither PEM nor DER of a certificate signing request',
          { cause },
        );
  }
}

function isCertificate(der: Uint8Array): boolean {
  try {
    new X509Certificate(der);
    return true;
  } catch {
    return false; // Which is the question.
  }
}

/** The name will stand in a certificate, so it must be one that everybody reads alike. */
function checkedSubject(subject: DerElement | undefined): Uint8Array {
  const parts = partsOf(subject, DerTag.Sequence).flatMap((part) => {
    const attributes = partsOf(part, DerTag.Set);
    if (attributes.length === 0) {
      throw new PkiError('malformed', 'a part of the subject of the request is empty');
    }
    return attributes;
  });
  for (const attribute of parts) {
    const [type, value, more] = partsOf(attribute, DerTag.Sequence);
    expectTag(type, DerTag.ObjectIdentifier);
    if (more !== undefined || hasInvisibleCharacters(decodeText(expectTag(value)))) {
      throw new PkiError(
        'malformed',
        'the subject of the request holds control characters, or is damaged',
      );
    }
  }
  const bytes = expectTag(subject).bytes;
  if (bytes.length > MAX_SUBJECT_BYTES) {
    throw new PkiError(
      'malformed',
      `the subject of the request has ${bytes.length} bytes, at most ${MAX_SUBJECT_BYTES} are accepted`,
    );
  }
  return new Uint8Array(bytes);
}

function decodeText({ tag, content }: DerElement): string {
  try {
    const text = TEXTS[tag]?.decode(content);
    if (text !== undefined) {
      return text;
    }
  } catch {
    // Told below: the bytes are not text of the kind that they are said to be.
  }
  throw new PkiError('malformed', 'a part of the subject of the request is no text');
}

function readPublicKey({ bytes }: DerElement): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(bytes), format: 'der', type: 'spki' });
  } catch (cause) {
    throw new PkiError(
      'unsupported-key',
      'the public key in the request cannot be read; RSA and EC keys are supported',
      { cause },
    );
  }
}

function isSignedBy(
  publicKey: KeyObject,
  { scheme, hash }: SignatureAlgorithm,
  signedBytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  const padding = scheme === 'rsa-pss' ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {};
  try {
    return verify(hash, signedBytes, { key: publicKey, ...padding }, signature);
  } catch {
    return false; // A hash or a signature that cannot belong to such a key.
  }
}
