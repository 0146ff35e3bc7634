/** Writes a certificate and its key as one PKCS#12 file (RFC 7292), the form that Java and Windows import. */

import {
  createCipheriv,
  createHmac,
  randomBytes as nodeRandomBytes,
  pbkdf2 as pbkdf2Callback,
  X509Certificate,
} from 'node:crypto';
import { promisify } from 'node:util';
import { BmpString, Null, OctetString } from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  AuthenticatedSafe,
  CertBag,
  ContentInfo,
  DigestInfo,
  EncryptedContentInfo,
  EncryptedData,
  MacData,
  PBES2Params,
  PBKDF2Params,
  PFX,
  PKCS8ShroudedKeyBag,
  SafeBag,
  SafeContents,
} from 'pkijs';
import type { CertifiedKey } from './certificate-authority.ts';
import { PkiError } from './error.ts';
import { readPrivateKey } from './key-pair.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import { derivePkcs12Key } from './pkcs12-kdf.ts';
import { PKCS12_OID as OID, pkcs12Password } from './pkcs12-terms.ts';

export interface Pkcs12Deps {
  /** For salts and initialization vectors. */
  readonly randomBytes?: (size: number) => Uint8Array;
}

export interface Pkcs12Content extends CertifiedKey {
  /** Certificates that lead to an authority, in this order. */
  readonly chain?: readonly ParsedCertificate[];
  /**
   * Bytes are UTF-8; they are not changed. Characters outside of ASCII are allowed, but not every program
   * agrees on them.
   */
  readonly password: Uint8Array | string;
  /** Alias of key and certificate in a Java key store: 1 to 128 characters. */
  readonly friendlyName: string;
}

/** Of PBKDF2 and of the MAC alike: who guesses passwords would take the cheaper of both. */
const ITERATIONS = 200_000;
const SALT_BYTES = 16;
const IV_BYTES = 16;
const KEY_BYTES = 32;
const MAX_FRIENDLY_NAME_CHARACTERS = 128;

const pbkdf2 = promisify(pbkdf2Callback);

/**
 * Encodes certificate, key and chain, all encrypted: AES-256-CBC with PBKDF2-HMAC-SHA-256, and an
 * HMAC-SHA-256 over the whole; 200,000 iterations each. OpenSSL from 1.1 on and Java from 8u301 on read
 * it.
 *
 * @returns DER; secret as far as the password is guessable.
 * @throws PkiError `invalid-request` for a password or friendly name that is empty, too long or no text;
 * `malformed` for a key that cannot be read; `mismatched-pair` when it is not the certificate's.
 */
export async function encodePkcs12(
  content: Pkcs12Content,
  { randomBytes = nodeRandomBytes }: Pkcs12Deps = {},
): Promise<Uint8Array> {
  const { certificate, chain = [], friendlyName } = content;
  const password = pkcs12Password(content.password);
  checkFriendlyName(friendlyName);
  const key = readPrivateKey(content.privateKeyPem, 'the key of the certificate');
  if (!new X509Certificate(certificate.der).checkPrivateKey(key)) {
    throw new PkiError(
      'mismatched-pair',
      `the key is not the one of the certificate ${certificate.subject}`,
    );
  }
  const encrypt = (plaintext: Uint8Array) => encryptWithPassword(plaintext, password, randomBytes);
  // By this number readers see which certificate the key belongs to.
  const attributes = [
    new Attribute({ type: OID.friendlyName, values: [new BmpString({ value: friendlyName })] }),
    new Attribute({
      type: OID.localKeyId,
      values: [octets(Buffer.from(certificate.fingerprintSha256, 'hex'))],
    }),
  ];
  const keyDer = key.export({ type: 'pkcs8', format: 'der' });
  const encryptedKey = await encrypt(keyDer).finally(() => keyDer.fill(0));
  const certificates = await encrypt(
    derOf(
      new SafeContents({
        safeBags: [certificateBag(certificate, attributes), ...chain.map((c) => certificateBag(c))],
      }),
    ),
  );
  const keys = new SafeContents({
    safeBags: [
      new SafeBag({
        bagId: OID.shroudedKeyBag,
        bagValue: new PKCS8ShroudedKeyBag({
          encryptionAlgorithm: encryptedKey.algorithm,
          encryptedData: octets(encryptedKey.ciphertext),
        }),
        bagAttributes: attributes,
      }),
    ],
  });
  const safe = derOf(
    new AuthenticatedSafe({
      safeContents: [encryptedContent(certificates), dataContent(derOf(keys))],
    }),
  );
  return derOf(
    new PFX({
      version: 3,
      authSafe: dataContent(safe),
      macData: await macOf(safe, password, randomBytes),
    }),
  );
}

interface Encrypted {
  readonly algorithm: AlgorithmIdentifier;
  readonly ciphertext: Uint8Array;
}

/** PBES2 (RFC 8018 §6.2). */
async function encryptWithPassword(
  plaintext: Uint8Array,
  password: string,
  randomBytes: (size: number) => Uint8Array,
): Promise<Encrypted> {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(IV_BYTES);
  const key = await pbkdf2(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  key.fill(0);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const derivation = new PBKDF2Params({
    salt: octets(salt),
    iterationCount: ITERATIONS,
    prf: new AlgorithmIdentifier({ algorithmId: OID.hmacSha256, algorithmParams: new Null() }),
  });
  const parameters = new PBES2Params({
    keyDerivationFunc: new AlgorithmIdentifier({
      algorithmId: OID.pbkdf2,
      algorithmParams: derivation.toSchema(),
    }),
    encryptionScheme: new AlgorithmIdentifier({
      algorithmId: OID.aes256Cbc,
      algorithmParams: octets(iv),
    }),
  });
  const algorithm = new AlgorithmIdentifier({
    algorithmId: OID.pbes2,
    algorithmParams: parameters.toSchema(),
  });
  return { algorithm, ciphertext };
}

async function macOf(
  content: Uint8Array,
  password: string,
  randomBytes: (size: number) => Uint8Array,
): Promise<MacData> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derivePkcs12Key({
    hash: 'sha256',
    purpose: 'mac',
    password,
    salt,
    iterations: ITERATIONS,
    length: KEY_BYTES,
  });
  const digest = createHmac('sha256', key).update(content).digest();
  key.fill(0);
  return new MacData({
    mac: new DigestInfo({
      digestAlgorithm: new AlgorithmIdentifier({
        algorithmId: OID.sha256,
        algorithmParams: new Null(),
      }),
      digest: octets(digest),
    }),
    macSalt: octets(salt),
    iterations: ITERATIONS,
  });
}

function certificateBag({ der }: ParsedCertificate, bagAttributes?: Attribute[]): SafeBag {
  return new SafeBag({
    bagId: OID.certificateBag,
    bagValue: new CertBag({ certId: OID.x509Certificate, certValue: octets(der) }),
    ...(bagAttributes === undefined ? {} : { bagAttributes }),
  });
}

function dataContent(content: Uint8Array): ContentInfo {
  return new ContentInfo({ contentType: OID.data, content: octets(content) });
}

function encryptedContent({ algorithm, ciphertext }: Encrypted): ContentInfo {
  const encryptedData = new EncryptedData({
    encryptedContentInfo: new EncryptedContentInfo({
      contentType: OID.data,
      contentEncryptionAlgorithm: algorithm,
      encryptedContent: octets(ciphertext),
      disableSplit: true, // In pieces it would be BER, which not every reader takes.
    }),
  });
  return new ContentInfo({ contentType: OID.encryptedData, content: encryptedData.toSchema() });
}

function checkFriendlyName(name: string): void {
  if (name.length < 1 || name.length > MAX_FRIENDLY_NAME_CHARACTERS) {
    throw new PkiError(
      'invalid-request',
      `the friendly name in a PKCS#12 file must have 1 to ${MAX_FRIENDLY_NAME_CHARACTERS} characters`,
    );
  }
}

function octets(bytes: Uint8Array): OctetString {
  return new OctetString({ valueHex: new Uint8Array(bytes).buffer });
}

function derOf(structure: { toSchema(): { toBER(): ArrayBuffer } }): Uint8Array {
  return new Uint8Array(structure.toSchema().toBER());
}
