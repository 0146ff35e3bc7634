/** Builds and signs X.509 v3 certificates (RFC 5280). Knows the encoding, not who may have what. */

import { createHash, webcrypto } from 'node:crypto';
import { Set as Asn1Set, BitString, Integer, OctetString, Sequence, Utf8String } from 'asn1js';
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CryptoEngine,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  PublicKeyInfo,
  RelativeDistinguishedNames,
  Time,
} from 'pkijs';
import type { ExtendedKeyUsage, KeyUsage, Subject } from './certificate-profile.ts';
import type { SubjectAlternativeName } from './certificate-text.ts';
import { PkiError } from './error.ts';
import type { SigningKey } from './key-pair.ts';
import { parseDnsName, parseIpAddress } from './server-name.ts';

/** Everything that a certificate says. */
export interface CertificateContent {
  readonly serialNumber: Uint8Array;
  /** As bytes: DER of a name, taken over as it is. */
  readonly subject: Subject | Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyDer: Uint8Array;
  /** Milliseconds since the epoch; rounded down to seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** `authority` may sign leaves, but no further authorities. */
  readonly basicConstraints: 'authority' | 'leaf';
  readonly keyUsage: readonly KeyUsage[];
  /** Empty: no such extension. */
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  /** Empty: no such extension. */
  readonly alternativeNames: readonly SubjectAlternativeName[];
}

const SERIAL_NUMBER_BYTES = 16;

const NAME_OIDS = {
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  commonName: '2.5.4.3',
} as const;

const EXTENSION_OIDS = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const EXTENDED_KEY_USAGE_OIDS = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const satisfies Record<ExtendedKeyUsage, string>;

/** Position in the bit string, from the left (RFC 5280 §4.2.1.3). */
const KEY_USAGE_BITS = {
  digitalSignature: 0,
  keyEncipherment: 2,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
} as const satisfies Record<KeyUsage, number>;

/** Types of GeneralName (RFC 5280 §4.2.1.6). */
const GENERAL_NAME_TYPES = { email: 1, dns: 2, uri: 6, ip: 7 } as const;

/** IA5String without spaces and controls; more is not checked, as nobody is let in by such a name. */
const EMAIL_ADDRESS = /^[\x21-\x7e]+@[\x21-\x7e]+$/;
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/;

/** From this year on dates are GeneralizedTime (RFC 5280 §4.1.2.5). */
const FIRST_YEAR_OF_GENERALIZED_TIME = 2050;

/**
 * A serial number: 16 random bytes of which the first begins with the bits 01, so that it is positive
 * and always 16 bytes long in DER. 126 bits remain random, more than the 64 that the CA/Browser Forum
 * asks for.
 */
export function newSerialNumber(randomBytes: (size: number) => Uint8Array): Uint8Array {
  const bytes = new Uint8Array(randomBytes(SERIAL_NUMBER_BYTES));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/**
 * Builds a certificate and signs it.
 *
 * @param issuer - DER of the issuer's certificate, or undefined for a self-signed one.
 * @param signingKey - The issuer's key, or the certificate's own.
 * @returns DER.
 * @throws PkiError `invalid-request` for a name or address that cannot be encoded.
 */
export async function buildCertificate(
  content: CertificateContent,
  issuer: Uint8Array | undefined,
  signingKey: SigningKey,
): Promise<Uint8Array> {
  const subject =
    content.subject instanceof Uint8Array
      ? RelativeDistinguishedNames.fromBER(bufferOf(content.subject))
      : encodeName(content.subject);
  const keyIdentifier = keyIdentifierOf(PublicKeyInfo.fromBER(bufferOf(content.publicKeyDer)));
  const issuerCertificate =
    issuer === undefined ? undefined : Certificate.fromBER(bufferOf(issuer));
  const certificate = new Certificate({
    version: 2, // Counted from 0: X.509 v3.
    serialNumber: new Integer({ valueHex: bufferOf(content.serialNumber) }),
    issuer: issuerCertificate?.subject ?? subject,
    subject,
    notBefore: encodeTime(content.notBefore),
    notAfter: encodeTime(content.notAfter),
    extensions: encodeExtensions(
      content,
      keyIdentifier,
      issuerCertificate === undefined
        ? keyIdentifier
        : keyIdentifierOf(issuerCertificate.subjectPublicKeyInfo, issuerCertificate),
    ),
  });
  certificate.subjectPublicKeyInfo = PublicKeyInfo.fromBER(bufferOf(content.publicKeyDer));
  // An engine of our own: pkijs otherwise uses one that is global to the process.
  const engine = new CryptoEngine({ name: 'node', crypto: webcrypto });
  await certificate.sign(signingKey.key, signingKey.hash, engine);
  return new Uint8Array(certificate.toSchema(true).toBER());
}

function encodeExtensions(
  content: CertificateContent,
  keyIdentifier: ArrayBuffer,
  authorityKeyIdentifier: ArrayBuffer,
): Extension[] {
  const isAuthority = content.basicConstraints === 'authority';
  const extensions = [
    extension(
      'basicConstraints',
      true,
      new BasicConstraints(isAuthority ? { cA: true, pathLenConstraint: 0 } : {}).toSchema(),
    ),
    extension('keyUsage', true, encodeKeyUsage(content.keyUsage)),
    extension('subjectKeyIdentifier', false, new OctetString({ valueHex: keyIdentifier })),
    extension(
      'authorityKeyIdentifier',
      false,
      new AuthorityKeyIdentifier({
        keyIdentifier: new OctetString({ valueHex: authorityKeyIdentifier }),
      }).toSchema(),
    ),
  ];
  if (content.extendedKeyUsage.length > 0) {
    const keyPurposes = content.extendedKeyUsage.map((name) => EXTENDED_KEY_USAGE_OIDS[name]);
    extensions.push(
      extension('extendedKeyUsage', false, new ExtKeyUsage({ keyPurposes }).toSchema()),
    );
  }
  const names = content.alternativeNames.map(encodeAlternativeName);
  if (names.length > 0) {
    extensions.push(extension('subjectAltName', false, new GeneralNames({ names }).toSchema()));
  }
  return extensions;
}

function extension(
  name: keyof typeof EXTENSION_OIDS,
  critical: boolean,
  value: { toBER(): ArrayBuffer },
): Extension {
  return new Extension({ extnID: EXTENSION_OIDS[name], critical, extnValue: value.toBER() });
}

function encodeAlternativeName({ kind, value }: SubjectAlternativeName): GeneralName {
  switch (kind) {
    case 'dns':
      return new GeneralName({ type: GENERAL_NAME_TYPES.dns, value: parseDnsName(value) });
    case 'ip': {
      const octets = new OctetString({ valueHex: bufferOf(parseIpAddress(value)) });
      return new GeneralName({ type: GENERAL_NAME_TYPES.ip, value: octets });
    }
    case 'email':
    case 'uri':
      if (!(kind === 'email' ? EMAIL_ADDRESS : URI).test(value)) {
        const what = kind === 'email' ? 'an e-mail address' : 'a URI';
        throw new PkiError(
          'invalid-request',
          `${JSON.stringify(value.slice(0, 253))} is not ${what}`,
        );
      }
      return new GeneralName({ type: GENERAL_NAME_TYPES[kind], value });
    case 'other':
      throw new PkiError('invalid-request', 'an alternative name of this kind is not issued');
  }
}

/** One attribute to a set. pkijs would put all of them into one set: a single, multi-valued part. */
function encodeName(subject: Subject): RelativeDistinguishedNames {
  // On the wire the least specific part comes first.
  const parts = (['organization', 'organizationalUnit', 'commonName'] as const).flatMap((part) => {
    const value = subject[part];
    return value === undefined ? [] : [encodeNamePart(NAME_OIDS[part], value)];
  });
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: parts }).toBER());
}

function encodeNamePart(type: string, value: string): Asn1Set {
  const attribute = new AttributeTypeAndValue({ type, value: new Utf8String({ value }) });
  return new Asn1Set({ value: [attribute.toSchema()] });
}

function encodeKeyUsage(usages: readonly KeyUsage[]): BitString {
  const positions: readonly number[] = usages.map((usage) => KEY_USAGE_BITS[usage]);
  const bits = positions.reduce((byte, position) => byte | (0x80 >> position), 0);
  // DER: a named bit list has no trailing zero bits (X.690 §11.2.2).
  const unusedBits = positions.length === 0 ? 0 : 7 - Math.max(...positions);
  return new BitString({ valueHex: Uint8Array.of(bits).buffer, unusedBits });
}

function encodeTime(milliseconds: number): Time {
  const value = new Date(Math.floor(milliseconds / 1000) * 1000);
  return new Time({ type: value.getUTCFullYear() < FIRST_YEAR_OF_GENERALIZED_TIME ? 0 : 1, value });
}

/** What the authority says of its own key; computed by RFC 7093 §2 method 1 where it says nothing. */
function keyIdentifierOf(publicKey: PublicKeyInfo, certificate?: Certificate): ArrayBuffer {
  const stated = certificate?.extensions?.find(
    ({ extnID }) => extnID === EXTENSION_OIDS.subjectKeyIdentifier,
  )?.parsedValue;
  if (stated instanceof OctetString) {
    return stated.valueBlock.valueHex;
  }
  const hash = createHash('sha256').update(publicKey.subjectPublicKey.valueBlock.valueHexView);
  return bufferOf(hash.digest().subarray(0, 20));
}

/** pkijs and asn1js take whole ArrayBuffers; this copies the bytes into one of their own. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
