import {
  MAX_CERTIFICATE_INPUT_BYTES,
  type ParsedCertificate,
  PkiError,
  parseCertificate,
} from '@claviger/pki';
import type { CommandContext } from '../command-context.ts';
import { readInput } from '../read-input.ts';

/** A certificate as it is sent: nothing but the certificate, so that no key leaves the machine by mistake. */
export interface CertificateFile {
  readonly certificate: ParsedCertificate;
  readonly pem: string;
}

/** PFX ::= SEQUENCE { version INTEGER 3, ... } (RFC 7292 §4), with a length in two or three octets. */
const PKCS12_START = /^30(?:82....|83......|80)020103/;
/** CertificationRequest ::= SEQUENCE { SEQUENCE { version INTEGER 0, ... } ... } (RFC 2986 §4). */
const REQUEST_START = /^30(?:81..|82....)30(?:81..|82....)020100/;

/**
 * Reads the one certificate of a file.
 *
 * @param file - Path, or `-` for standard input.
 * @throws PkiError that names the file, what is wrong with it, and what to do.
 */
export async function readCertificateFile(
  context: CommandContext,
  file: string,
): Promise<CertificateFile> {
  const bytes = await readInput(context, file, MAX_CERTIFICATE_INPUT_BYTES);
  try {
    const certificate = parseCertificate(bytes);
    return { certificate, pem: pemOf(certificate) };
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    const where = file === '-' ? 'standard input' : file;
    throw new PkiError(cause.code, `${where}: ${adviceFor(cause, bytes, file)}`, { cause });
  }
}

/** Text around the certificate, as `openssl x509 -text` writes it, stays here. */
function pemOf({ pem }: ParsedCertificate): string {
  const [block = pem] = /-----BEGIN[\s\S]*-----END [^-]*-----/.exec(pem) ?? [];
  return `${block.replaceAll('X509 CERTIFICATE', 'CERTIFICATE')}\n`;
}

function adviceFor({ code, message }: PkiError, bytes: Uint8Array, file: string): string {
  const path = file === '-' ? 'FILE' : file;
  const start = Buffer.from(bytes.subarray(0, 12)).toString('hex');
  if (PKCS12_START.test(start)) {
    return `this is a PKCS#12 file, which usually has a private key in it. Take the certificate out with: openssl pkcs12 -in ${path} -clcerts -nokeys | openssl x509 -out certificate.pem`;
  }
  if (code === 'is-a-private-key') {
    return `${message}. The certificate is the file, or the part of it, whose first line says BEGIN CERTIFICATE`;
  }
  if (code === 'several-certificates') {
    return `${message}; the client's own is usually the first: openssl x509 -in ${path} -out certificate.pem`;
  }
  if (REQUEST_START.test(start) || message.includes('certificate signing request')) {
    return 'this is a certificate signing request, not a certificate; have it signed: claviger cert sign ADAPTER FILE';
  }
  return message;
}
