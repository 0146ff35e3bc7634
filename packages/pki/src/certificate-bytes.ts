/**
 * From what somebody uploaded to the bytes of one certificate. A private key is recognised, so that the
 * message can say that it should be elsewhere; nothing of the input is ever repeated.
 */

import { createPrivateKey } from 'node:crypto';
import { PkiError } from './error.ts';

/** Largest input that is looked at. Certificates have 1 to 3 KiB; text around the PEM is allowed. */
export const MAX_CERTIFICATE_INPUT_BYTES = 64 * 1024;

const BEGIN = '-----BEGIN ';
const DASHES = '-----';
const DER_SEQUENCE = 0x30;

/** What a PEM block that is no certificate is called in messages. */
const OTHER_LABELS: Readonly<Record<string, string>> = {
  'CERTIFICATE REQUEST': 'a certificate signing request',
  'NEW CERTIFICATE REQUEST': 'a certificate signing request',
  'PUBLIC KEY': 'a public key',
  'RSA PUBLIC KEY': 'a public key',
  'X509 CRL': 'a revocation list',
  PKCS7: 'a PKCS#7 bundle',
  'TRUSTED CERTIFICATE': "a certificate in OpenSSL's own TRUSTED form",
};

export interface CertificateBytes {
  readonly der: Uint8Array;
  /** The PEM text as it was given, or undefined when DER was given. */
  readonly pem: string | undefined;
}

/**
 * Finds the one certificate in a PEM text or DER bytes. Whether the bytes are a certificate is not
 * checked here.
 *
 * @throws PkiError `too-large`, `is-a-private-key`, `several-certificates`, `not-a-certificate`,
 * `malformed`.
 */
export function readCertificateBytes(pemOrDer: string | Uint8Array): CertificateBytes {
  if (pemOrDer.length > MAX_CERTIFICATE_INPUT_BYTES) {
    throw new PkiError(
      'too-large',
      `a certificate of ${pemOrDer.length} bytes is not accepted, at most ${MAX_CERTIFICATE_INPUT_BYTES} are`,
    );
  }
  if (typeof pemOrDer === 'string') {
    return { der: derOfPem(pemOrDer), pem: pemOrDer };
  }
  if (pemOrDer[0] === DER_SEQUENCE) {
    if (isPrivateKeyDer(pemOrDer)) {
      throw privateKeyError();
    }
    return { der: new Uint8Array(pemOrDer), pem: undefined };
  }
  const pem = Buffer.from(pemOrDer).toString('utf8');
  return { der: derOfPem(pem), pem };
}

/** Encodes DER as a PEM block with lines of 64 characters (RFC 7468). */
export function pemOfDer(label: 'CERTIFICATE', der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `${BEGIN}${label}${DASHES}\n${lines.join('\n')}\n${DASHES}END ${label}${DASHES}\n`;
}

function derOfPem(text: string): Uint8Array {
  const blocks = readBlocks(text);
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY'))) {
    throw privateKeyError();
  }
  const certificates = blocks.filter(
    ({ label }) => label === 'CERTIFICATE' || label === 'X509 CERTIFICATE',
  );
  const [certificate, another] = certificates;
  if (certificate === undefined) {
    const other = blocks.map(({ label }) => OTHER_LABELS[label]).find((name) => name !== undefined);
    throw new PkiError(
      'not-a-certificate',
      `${other === undefined ? 'this is no certificate' : `this is ${other}, not a certificate`}; expected is PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----`,
    );
  }
  if (another !== undefined) {
    throw new PkiError(
      'several-certificates',
      `there are ${certificates.length} certificates in this text; give the one that belongs here, without its chain`,
    );
  }
  return certificate.decode();
}

interface PemBlock {
  readonly label: string;
  /** @throws PkiError `malformed`. */
  readonly decode: () => Uint8Array;
}

/** Finds all PEM blocks in one pass; a block without its end line is malformed when it is decoded. */
function readBlocks(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  let position = text.indexOf(BEGIN);
  while (position !== -1) {
    const labelStart = position + BEGIN.length;
    const labelEnd = text.indexOf(DASHES, labelStart);
    if (labelEnd === -1) {
      break;
    }
    const label = text.slice(labelStart, labelEnd);
    const bodyStart = labelEnd + DASHES.length;
    const next = text.indexOf(BEGIN, bodyStart);
    const body = text.slice(bodyStart, next === -1 ? undefined : next);
    blocks.push({ label, decode: () => decodeBody(body, label) });
    position = next;
  }
  return blocks;
}

function decodeBody(body: string, label: string): Uint8Array {
  const end = body.indexOf(`${DASHES}END ${label}${DASHES}`);
  if (end === -1) {
    throw new PkiError('malformed', 'the certificate has no END line: the text was cut off');
  }
  const base64 = body.slice(0, end).replace(/[ \t\r\n]/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new PkiError('malformed', 'between BEGIN and END of the certificate is no base64 text');
  }
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function isPrivateKeyDer(der: Uint8Array): boolean {
  const key = Buffer.from(der);
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => {
    try {
      createPrivateKey({ key, format: 'der', type });
      return true;
    } catch {
      return false; // Not that kind of key, which is the question.
    }
  });
}

function privateKeyError(): PkiError {
  return new PkiError(
    'is-a-private-key',
    'this holds a private key; only the certificate belongs here. If anybody else can have seen it, make a new pair',
  );
}
