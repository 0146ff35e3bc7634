/**
 * Opens a PKCS#12 file (RFC 7292): a private key, its certificate, and what leads to an authority. DER only,
 * under a password; today's encryption and triple DES, with which older programs wrote.
 */

import {
  createHmac,
  createPrivateKey,
  type KeyObject,
  timingSafeEqual,
  X509Certificate,
} from 'node:crypto';
import { countOf, type DerElement, DerTag, expectTag, oidOf, partsOf, readDer } from './der.ts';
import { PkiError } from './error.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { decryptWithPassword, iterationsOf, saltOf, unsupported } from './pkcs12-decrypt.ts';
import { derivePkcs12Key, type Pkcs12Hash } from './pkcs12-kdf.ts';
import { PKCS12_OID as OID, pkcs12Password } from './pkcs12-terms.ts';

export interface OpenedPkcs12 {
  /** PKCS#8 DER, not encrypted; to be wiped by the caller. */
  readonly privateKey: Uint8Array;
  /** Alias under which the key stands in the file. */
  readonly friendlyName: string | undefined;
  /** The key's certificate, then its issuer, and so on as far as the file has them. */
  readonly chain: readonly ParsedCertificate[];
}

const VERSION = 3;
const MAX_BYTES = 1024 * 1024;
/** More bags than any chain needs. */
const MAX_BAGS = 100;

const MAC_HASHES: Readonly<Record<string, readonly [hash: Pkcs12Hash, bytes: number]>> = {
  [OID.sha1]: ['sha1', 20],
  [OID.sha256]: ['sha256', 32],
  [OID.sha384]: ['sha384', 48],
  [OID.sha512]: ['sha512', 64],
};

interface Bag {
  readonly type: string;
  readonly value: DerElement;
  readonly friendlyName: string | undefined;
}

/**
 * Opens the file.
 *
 * @param friendlyName - Alias of the wanted key, whatever its case; the first key unless told.
 * @throws PkiError `malformed` for what is no PKCS#12 in DER, or has a key or certificate that cannot be read;
 * `wrong-password` where the MAC does not fit; `unsupported-encryption`; `too-large`; `invalid-request` for a password
 * that is no text, and for a file without the key.
 */
export async function openPkcs12(
  der: Uint8Array,
  { password, friendlyName }: { password: Uint8Array | string; friendlyName?: string | undefined },
): Promise<OpenedPkcs12> {
  if (der.length > MAX_BYTES) {
    throw new PkiError('too-large', `a PKCS#12 file has at most ${MAX_BYTES} bytes`);
  }
  const text = pkcs12Password(password);
  const [version, authSafe, macData] = partsOf(readDer(der, DerTag.Sequence), DerTag.Sequence);
  if (countOf(version) !== VERSION) {
    throw new PkiError('malformed', 'this is no PKCS#12 file of version 3');
  }
  const safe = dataOf(authSafe);
  await checkMac(macData, safe, text);
  const plain: Uint8Array[] = [];
  try {
    const bags: Bag[] = [];
    for (const info of partsOf(readDer(safe, DerTag.Sequence), DerTag.Sequence)) {
      const contents = await contentsOf(info, text);
      if (contents.isSecret) plain.push(contents.bytes);
      bags.push(...bagsOf(contents.bytes));
      if (bags.length > MAX_BAGS) {
        throw new PkiError(
          'too-large',
          `a PKCS#12 file has at most ${MAX_BAGS} keys and certificates`,
        );
      }
    }
    const keyBag = chooseKey(bags, friendlyName);
    const privateKey = await privateKeyOf(keyBag, text);
    plain.push(privateKey);
    const certificates = bags
      .filter(({ type }) => type === OID.certificateBag)
      .flatMap(certificateOf);
    const chain = chainOf(readKey(privateKey), certificates);
    return { privateKey: Uint8Array.from(privateKey), friendlyName: keyBag.friendlyName, chain };
  } finally {
    for (const bytes of plain) bytes.fill(0);
  }
}

/** The password is tried by the MAC alone: what it does not fit is not worked on. */
async function checkMac(
  macData: DerElement | undefined,
  content: Uint8Array,
  password: string,
): Promise<void> {
  if (macData === undefined) throw unsupported('a signature, or nothing, in place of a MAC');
  const [digestInfo, saltPart, iterationsPart] = partsOf(macData, DerTag.Sequence);
  const [algorithm, digestPart] = partsOf(digestInfo, DerTag.Sequence);
  const oid = oidOf(partsOf(algorithm, DerTag.Sequence)[0]);
  const [hash, length] = MAC_HASHES[oid] ?? [];
  if (hash === undefined || length === undefined) throw unsupported(oid);
  const key = await derivePkcs12Key({
    hash,
    purpose: 'mac',
    password,
    salt: saltOf(saltPart),
    iterations: iterationsPart === undefined ? 1 : iterationsOf(iterationsPart),
    length,
  });
  const expected = createHmac(hash, key).update(content).digest();
  key.fill(0);
  const given = expectTag(digestPart, DerTag.OctetString).content;
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new PkiError('wrong-password', 'the password does not open the PKCS#12 file');
}

/** The bytes of a ContentInfo of the type Data. */
function dataOf(info: DerElement | undefined): Uint8Array {
  const [type, wrapped] = partsOf(info, DerTag.Sequence);
  if (oidOf(type) !== OID.data) throw unsupported(oidOf(type));
  const [octets] = partsOf(wrapped, DerTag.Context0);
  return expectTag(octets, DerTag.OctetString).content;
}

/** SafeContents, decrypted where they are encrypted. */
async function contentsOf(
  info: DerElement,
  password: string,
): Promise<{ readonly bytes: Uint8Array; readonly isSecret: boolean }> {
  const [type, wrapped] = partsOf(info, DerTag.Sequence);
  if (oidOf(type) !== OID.encryptedData) return { bytes: dataOf(info), isSecret: false };
  const [encryptedData] = partsOf(wrapped, DerTag.Context0);
  const [, content] = partsOf(encryptedData, DerTag.Sequence);
  const [, algorithm, ciphertext] = partsOf(content, DerTag.Sequence);
  const { content: bytes } = expectTag(ciphertext, DerTag.Context0Bytes);
  return { bytes: await decryptWithPassword(algorithm, bytes, password), isSecret: true };
}

function bagsOf(contents: Uint8Array): Bag[] {
  return partsOf(readDer(contents, DerTag.Sequence), DerTag.Sequence).map((bag) => {
    const [type, wrapped, attributes] = partsOf(bag, DerTag.Sequence);
    const [value] = partsOf(wrapped, DerTag.Context0);
    return { type: oidOf(type), value: expectTag(value), friendlyName: friendlyNameOf(attributes) };
  });
}

function friendlyNameOf(attributes: DerElement | undefined): string | undefined {
  if (attributes === undefined) return undefined;
  for (const attribute of partsOf(attributes, DerTag.Set)) {
    const [type, values] = partsOf(attribute, DerTag.Sequence);
    if (oidOf(type) !== OID.friendlyName) continue;
    const [name] = partsOf(values, DerTag.Set);
    const { content } = expectTag(name, DerTag.BmpString);
    if (content.length % 2 !== 0) throw new PkiError('malformed', 'a friendly name is damaged');
    return Buffer.from(content).swap16().toString('utf16le');
  }
  return undefined;
}

function chooseKey(bags: readonly Bag[], friendlyName: string | undefined): Bag {
  const keys = bags.filter(({ type }) => type === OID.shroudedKeyBag || type === OID.keyBag);
  const wanted = friendlyName?.toLowerCase(); // caseIgnoreMatch
  const key =
    wanted === undefined ? keys[0] : keys.find((bag) => bag.friendlyName?.toLowerCase() === wanted);
  if (key !== undefined) return key;
  throw new PkiError(
    'invalid-request',
    wanted === undefined || keys.length === 0
      ? 'the PKCS#12 file has no private key'
      : 'the PKCS#12 file has no private key of this friendly name',
  );
}

async function privateKeyOf({ type, value }: Bag, password: string): Promise<Uint8Array> {
  if (type === OID.keyBag) return Uint8Array.from(value.bytes);
  const [algorithm, ciphertext] = partsOf(value, DerTag.Sequence);
  const { content } = expectTag(ciphertext, DerTag.OctetString);
  return await decryptWithPassword(algorithm, content, password);
}

function readKey(der: Uint8Array): KeyObject {
  try {
    const key = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new PkiError('malformed', 'the private key in the PKCS#12 file cannot be read', {
      cause,
    });
  }
}

function certificateOf({ value }: Bag): readonly ParsedCertificate[] {
  const [type, wrapped] = partsOf(value, DerTag.Sequence);
  if (oidOf(type) !== OID.x509Certificate) return [];
  const [octets] = partsOf(wrapped, DerTag.Context0);
  return [parseCertificate(expectTag(octets, DerTag.OctetString).content)];
}

/** From the certificate of the key on, each followed by who has issued it. */
function chainOf(
  key: KeyObject,
  certificates: readonly ParsedCertificate[],
): readonly ParsedCertificate[] {
  const left = certificates.map((parsed) => ({ parsed, x509: new X509Certificate(parsed.der) }));
  const chain: ParsedCertificate[] = [];
  let next = left.find(({ x509 }) => x509.checkPrivateKey(key));
  while (next !== undefined) {
    const current = next;
    chain.push(current.parsed);
    left.splice(left.indexOf(current), 1);
    next = left.find(
      ({ x509 }) => current.x509.checkIssued(x509) && current.x509.verify(x509.publicKey),
    );
  }
  return chain;
}
