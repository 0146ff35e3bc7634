/**
 * Encryption and decryption with a key of the server, in one piece or in many (1.4 §4.29, §4.30). What
 * goes wrong inside says no more than that: which byte did not fit would be an oracle.
 */

import { type CipherGCMTypes, createCipheriv, createDecipheriv } from 'node:crypto';
import { ClavigerError, type CryptographicParameters } from '@claviger/kmip-protocol';
import { type CipherSuite, type CryptographicAlgorithm, cipherSuite } from './cipher-suites.ts';

const FULL_TAG_BYTES = 16;

export interface CipherRequest {
  /** Of the key; the parameters may say it as well, and must say the same. */
  readonly algorithm: CryptographicAlgorithm | undefined;
  readonly parameters: CryptographicParameters;
  /** Not kept after the cipher was opened. */
  readonly key: Uint8Array;
  readonly iv: Uint8Array | undefined;
  readonly additionalData: Uint8Array | undefined;
}

/** A cipher that takes data in pieces. */
export interface OpenCipher {
  update(data: Uint8Array): Uint8Array;
  /** @throws ClavigerError `cryptographic-failure`, `invalid-field`. */
  final(): { readonly data: Uint8Array; readonly tag?: Uint8Array | undefined };
}

/** A cipher that is to take pieces cannot be one that needs the whole. */
export interface Pieces {
  /** The bytes of the message when it comes at once; undefined when it comes in pieces. */
  readonly totalBytes: number | undefined;
}

export interface Encryption extends OpenCipher {
  /** The initial value that was used, when the server chose it. */
  readonly chosenIv: Uint8Array | undefined;
}

/**
 * @param randomBytes - makes the initial value when the client leaves it to the server.
 * @throws ClavigerError `invalid-field`, `cryptographic-failure`.
 */
export function openEncryption(
  request: CipherRequest,
  pieces: Pieces,
  randomBytes: (count: number) => Uint8Array,
): Encryption {
  const suite = suiteOf(request, pieces);
  const chosenIv = chooseIv(suite, request, randomBytes);
  const iv = ivFor(suite, chosenIv ?? request.iv);
  const tagBytes = tagLength(suite, request.parameters);
  return guarded(() => {
    const cipher = createCipheriv(
      suite.name as CipherGCMTypes, // of all names this one's types have everything that the others have
      request.key,
      iv,
      optionsFor(suite, tagBytes),
    );
    if (suite.kind === 'blocks') cipher.setAutoPadding(isPadded(suite, request.parameters));
    if (isAead(suite)) addData(cipher, request.additionalData, pieces);
    return {
      chosenIv,
      update: (data) => guarded(() => cipher.update(data)),
      final: () =>
        guarded(() => {
          const data = cipher.final();
          return isAead(suite) ? { data, tag: cipher.getAuthTag() } : { data };
        }),
    };
  });
}

/**
 * @param tag - for the modes that have one.
 * @throws ClavigerError `invalid-field`, `cryptographic-failure`.
 */
export function openDecryption(
  request: CipherRequest & { readonly tag: Uint8Array | undefined },
  pieces: Pieces,
): OpenCipher {
  const suite = suiteOf(request, pieces);
  const iv = ivFor(suite, request.iv);
  const { tag } = request;
  if (isAead(suite) && tag === undefined) {
    throw refuse('this mode needs the Authenticated Encryption Tag to decrypt');
  }
  const tagBytes = tag?.length ?? tagLength(suite, request.parameters);
  if (isAead(suite)) assertTagLength(tagBytes);
  return guarded(() => {
    const decipher = createDecipheriv(
      suite.name as CipherGCMTypes, // as above
      request.key,
      iv,
      optionsFor(suite, tagBytes),
    );
    if (suite.kind === 'blocks') decipher.setAutoPadding(isPadded(suite, request.parameters));
    if (isAead(suite) && tag !== undefined) {
      decipher.setAuthTag(tag);
      addData(decipher, request.additionalData, pieces);
    }
    return {
      update: (data) => guarded(() => decipher.update(data)),
      final: () => guarded(() => ({ data: decipher.final() })),
    };
  });
}

/** Whether what the parameters name has tags. @throws ClavigerError `invalid-field`. */
export function isAuthenticated(request: Pick<CipherRequest, 'algorithm' | 'parameters' | 'key'>) {
  return isAead(suiteOf(request, { totalBytes: 0 }));
}

function suiteOf(
  { algorithm, parameters, key }: Pick<CipherRequest, 'algorithm' | 'parameters' | 'key'>,
  { totalBytes }: Pieces,
): CipherSuite {
  const named = parameters.cryptographicAlgorithm;
  // A key for ChaCha20 may be used with Poly1305 as well: the same key, another construction.
  const suite = cipherSuite(named ?? algorithm, modeOf(parameters, named ?? algorithm), key.length);
  if (named !== undefined && algorithm !== undefined && !isSameFamily(named, algorithm)) {
    throw new ClavigerError(
      'bad-cryptographic-parameters',
      `the key is for ${algorithm}, the Cryptographic Parameters say ${named}`,
    );
  }
  if (totalBytes === undefined && (suite.kind === 'at-once' || suite.kind === 'aead-at-once')) {
    throw refuse('this mode needs all data in one request');
  }
  return suite;
}

function modeOf(
  { blockCipherMode }: CryptographicParameters,
  algorithm: CryptographicAlgorithm | undefined,
) {
  return algorithm === 'ChaCha20' || algorithm === 'ChaCha20Poly1305' ? undefined : blockCipherMode;
}

function isSameFamily(named: string, own: string): boolean {
  return named === own || (named === 'ChaCha20Poly1305' && own === 'ChaCha20');
}

function isAead({ kind }: CipherSuite): boolean {
  return kind === 'aead' || kind === 'aead-at-once';
}

function isPadded({ blockBytes }: CipherSuite, { paddingMethod }: CryptographicParameters) {
  switch (paddingMethod) {
    case undefined:
    case 'None':
      return false;
    case 'PKCS5':
      return true;
    default:
      throw new ClavigerError(
        'unsupported-cryptographic-parameters',
        `the Padding Method ${paddingMethod} is not supported for blocks of ${blockBytes} bytes; use None or PKCS5`,
      );
  }
}

function chooseIv(
  { iv }: CipherSuite,
  request: CipherRequest,
  randomBytes: (count: number) => Uint8Array,
): Uint8Array | undefined {
  if (request.iv !== undefined || iv === undefined || 'fixed' in iv) return undefined;
  if (request.parameters.randomIV !== true) return undefined;
  return randomBytes(request.parameters.ivLength ?? iv.usual);
}

function ivFor({ name, iv }: CipherSuite, given: Uint8Array | undefined): Uint8Array {
  if (iv === undefined) return new Uint8Array(0);
  if ('fixed' in iv) return iv.fixed;
  if (given === undefined) {
    throw new ClavigerError(
      'invalid-message', // as OASIS test cases want it (CS-BC-M-11)
      'this mode needs an IV/Counter/Nonce, or Random IV in the Cryptographic Parameters',
    );
  }
  if (given.length < iv.min || given.length > iv.max) {
    const range = iv.min === iv.max ? `${iv.min}` : `${iv.min} to ${iv.max}`;
    throw refuse(`the IV/Counter/Nonce must have ${range} bytes; it has ${given.length}`);
  }
  if (name === 'chacha20') return withBlockCounter(given);
  return given;
}

/** The runtime takes the block counter, from zero, and the nonce as one value of 16 bytes. */
function withBlockCounter(nonce: Uint8Array): Uint8Array {
  const whole = new Uint8Array(16);
  whole.set(nonce, 16 - nonce.length);
  return whole;
}

function tagLength(suite: CipherSuite, { tagLength }: CryptographicParameters): number {
  if (!isAead(suite)) return 0;
  const length = tagLength ?? FULL_TAG_BYTES;
  assertTagLength(length);
  return length;
}

/** Shorter tags are allowed by the standards, and forged in less than a day. */
function assertTagLength(length: number): void {
  if (length >= 12 && length <= FULL_TAG_BYTES) return;
  throw new ClavigerError(
    'tag-length-not-supported',
    `an Authenticated Encryption Tag has 12 to 16 bytes, not ${length}`,
  );
}

function optionsFor(suite: CipherSuite, authTagLength: number): { authTagLength: number } {
  // Ignored by the ciphers without a tag; the types ask for it always.
  return isAead(suite) ? { authTagLength } : { authTagLength: FULL_TAG_BYTES };
}

function addData(
  cipher: { setAAD(data: Uint8Array, options: { plaintextLength: number }): unknown },
  data: Uint8Array | undefined,
  { totalBytes }: Pieces,
): void {
  if (data === undefined && totalBytes === undefined) return;
  cipher.setAAD(data ?? new Uint8Array(0), { plaintextLength: totalBytes ?? 0 });
}

/** Errors of the runtime, without their words: some tell about the key or the padding. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof ClavigerError) throw cause;
    throw new ClavigerError(
      'cryptographic-failure',
      'the data could not be processed with this key and these Cryptographic Parameters',
      { cause },
    );
  }
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
