/**
 * From what somebody uploaded to the bytes of the one certificate, or signing request, in it. A private
 * key is recognised, so that the message can say that it should be elsewhere; nothing of the input is
 * ever repeated.
 */

import { createPrivateKey } from 'node:crypto';
import { PkiError, type PkiErrorCode } from './error.ts';

/** Largest input that is looked at. Certificates have 1 to 3 KiB; text around the PEM is allowed. */
export const MAX_CERTIFICATE_INPUT_BYTES = 64 * 1024;

const BEGIN = '-----BEGIN ';
const DASHES = '-----';
const DER_SEQUENCE = 0x30;

/** What a PEM block is called in messages. */
const NAMES: Readonly<Record<string, string>> = {
  CERTIFICATE: 'a certificate',
  'X509 CERTIFICATE': 'a certificate',
  'CERTIFICATE REQUEST': 'a certificate signing request',
  'NEW CERTIFICATE REQUEST': 'a certificate signing request',
  'PUBLIC KEY': 'a public key',
  'RSA PUBLIC KEY': 'a public key',
  'X509 CRL': 'a revocation list',
  PKCS7: 'a PKCS#7 bundle',
  'TRUSTED CERTIFICATE': "a certificate in OpenSSL's own TRUSTED form",
};

/** What is looked for, and how its absence is told. */
interface Wanted {
  /** First the label of today. */
  readonly labels: readonly [string, string];
  readonly name: string;
  readonly shortName: string;
  readonly codes: { readonly none: PkiErrorCode; readonly several: PkiErrorCode };
  readonly several: string;
}

const WANTED_CERTIFICATE: Wanted = {
  labels: ['CERTIFICATE', 'X509 CERTIFICATE'],
  name: 'certificate',
  shortName: 'certificate',
  codes: { none: 'not-a-certificate', several: 'several-certificates' },
  several: 'certificates in this text; give the one that belongs here, without its chain',
};

const WANTED_REQUEST: Wanted = {
  labels: ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'],
  name: 'certificate signing request',
  shortName: 'request',
  codes: { none: 'not-a-request', several: 'several-requests' },
  several: 'certificate signing requests in this text; give one at a time',
};

export interface PemOrDer {
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
export function readCertificateBytes(pemOrDer: string | Uint8Array): PemOrDer {
  return readBytes(pemOrDer, WANTED_CERTIFICATE);
}

/**
 * Finds the one certificate signing request in a PEM text or DER bytes. Whether the bytes are a request
 * is not checked here.
 *
 * @throws PkiError `too-large`, `is-a-private-key`, `several-requests`, `not-a-request`, `malformed`.
 */
export function readRequestBytes(pemOrDer: string | Uint8Array): PemOrDer {
  return readBytes(pemOrDer, WANTED_REQUEST);
}

/** Encodes DER as a PEM block with lines of 64 characters (RFC 7468). */
export function pemOfDer(label: 'CERTIFICATE', der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `${BEGIN}${label}${DASHES}\n${lines.join('\n')}\n${DASHES}END ${label}${DASHES}\n`;
}

function readBytes(pemOrDer: string | Uint8Array, wanted: Wanted): PemOrDer {
  if (pemOrDer.length > MAX_CERTIFICATE_INPUT_BYTES) {
    throw new PkiError(
      'too-large',
      `a ${wanted.name} of ${pemOrDer.length} bytes is not accepted, at most ${MAX_CERTIFICATE_INPUT_BYTES} are`,
    );
  }
  if (typeof pemOrDer === 'string') {
    return { der: derOfPem(pemOrDer, wanted), pem: pemOrDer };
  }
  if (pemOrDer[0] === DER_SEQUENCE) {
    if (isPrivateKeyDer(pemOrDer)) {
      throw privateKeyError(wanted);
    }
    return { der: new Uint8Array(pemOrDer), pem: undefined };
  }
  const pem = Buffer.from(pemOrDer).toString('utf8');
  return { der: derOfPem(pem, wanted), pem };
}

function derOfPem(text: string, wanted: Wanted): Uint8Array {
  const blocks = readBlocks(text, wanted);
  if (blocks.some(({ label }) => label.endsWith('PRIVATE KEY'))) {
    throw privateKeyError(wanted);
  }
  const found = blocks.filter(({ label }) => wanted.labels.includes(label));
  const [block, another] = found;
  if (block === undefined) {
    const other = blocks.map(({ label }) => NAMES[label]).find((name) => name !== undefined);
    const [label] = wanted.labels;
    throw new PkiError(
      wanted.codes.none,
      `${other === undefined ? `this is no ${wanted.name}` : `this is ${other}, not a ${wanted.name}`}; expected is PEM, from ${BEGIN}${label}${DASHES} to ${DASHES}END ${label}${DASHES}`,
    );
  }
  if (another !== undefined) {
    throw new PkiError(wanted.codes.several, `there are ${found.length} ${wanted.several}`);
  }
  return block.decode();
}

interface PemBlock {
  readonly label: string;
  /** @throws PkiError `malformed`. */
  readonly decode: () => Uint8Array;
}

/** Finds all PEM blocks in one pass; a block without its end line is malformed when it is decoded. */
function readBlocks(text: string, wanted: Wanted): readonly PemBlock[] {
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
    blocks.push({ label, decode: () => decodeBody(body, label, wanted) });
    position = next;
  }
  return blocks;
}

function decodeBody(body: string, label: string, { shortName }: Wanted): Uint8Array {
  const end = body.indexOf(`${DASHES}END ${label}${DASHES}`);
  if (end === -1) {
    throw new PkiError('malformed', `the ${shortName} has no END line: the text was cut off`);
  }
  const base64 = body.slice(0, end).replace(/[ \t\r\n]/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new PkiError('malformed', `between BEGIN and END of the ${shortName} is no base64 text`);
  }
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function isPrivateKeyDer(der: Uint8Array): boolean {
  const key = Buffer.from(der);
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => {
    try {
      createPrivateKey({ key, format: 'der', type });
      return true;
    } catch (error) {
      // An encrypted key is one too; anything else is not that kind of key, which is the question.
      return error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_PASSPHRASE';
    }
  });
}

function privateKeyError({ name }: Wanted): PkiError {
  return new PkiError(
    'is-a-private-key',
    `this holds a private key; only the ${name} belongs here. If anybody else can have seen it, make a new pair`,
  );
}
