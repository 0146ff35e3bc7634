/**
 * The symmetric ciphers that the runtime has, by the KMIP names of algorithm and mode. One table says
 * which key lengths, initial values and tags each takes.
 */

import { ClavigerError, type EnumerationValue } from '@claviger/kmip-protocol';

export type CryptographicAlgorithm = EnumerationValue<'CryptographicAlgorithm'>;
export type BlockCipherMode = EnumerationValue<'BlockCipherMode'>;

/** How a mode works on data. */
export type ModeKind =
  /** Whole blocks; the last one is padded. */
  | 'blocks'
  /** Any length, no padding. */
  | 'stream'
  /** Any length, with additional data and a tag; piece by piece. */
  | 'aead'
  /** As `aead`, but the whole message must be known at once. */
  | 'aead-at-once'
  /** The whole message at once, no tag: XTS and key wrapping. */
  | 'at-once';

/** One cipher, ready to be opened. */
export interface CipherSuite {
  /** As `node:crypto` knows it. */
  readonly name: string;
  readonly kind: ModeKind;
  readonly blockBytes: number;
  /** Lengths of the initial value; `fixed` is one that the standard gives (key wrapping). */
  readonly iv:
    | { readonly min: number; readonly max: number; readonly usual: number }
    | { readonly fixed: Uint8Array }
    | undefined;
}

/** Initial value of AES Key Wrap (RFC 3394 §2.2.3.1) and of the form with padding (RFC 5649 §3). */
const KEY_WRAP_IV = new Uint8Array(8).fill(0xa6);
const PADDED_KEY_WRAP_IV = Uint8Array.of(0xa6, 0x59, 0x59, 0xa6);

interface BlockCipher {
  readonly blockBytes: number;
  /** The runtime's prefix for a key length; undefined when there is none of that length. */
  prefix(keyBytes: number): string | undefined;
  readonly modes: readonly BlockCipherMode[];
}

const sizes =
  (family: string) =>
  (keyBytes: number): string | undefined =>
    [16, 24, 32].includes(keyBytes) ? `${family}-${keyBytes * 8}` : undefined;

const BASIC_MODES = ['ECB', 'CBC', 'CFB', 'OFB', 'CTR'] as const;

const BLOCK_CIPHERS: { readonly [name in CryptographicAlgorithm]?: BlockCipher } = {
  AES: {
    blockBytes: 16,
    prefix: sizes('aes'),
    modes: [...BASIC_MODES, 'GCM', 'CCM', 'XTS', 'NISTKeyWrap', 'AESKeyWrapPadding'],
  },
  DES3: {
    blockBytes: 8,
    prefix: (keyBytes) => ({ 16: 'des-ede', 24: 'des-ede3' })[keyBytes],
    modes: ['ECB', 'CBC', 'CFB', 'OFB'],
  },
  Camellia: { blockBytes: 16, prefix: sizes('camellia'), modes: BASIC_MODES },
  ARIA: { blockBytes: 16, prefix: sizes('aria'), modes: [...BASIC_MODES, 'GCM', 'CCM'] },
  SM4: {
    blockBytes: 16,
    prefix: (keyBytes) => (keyBytes === 16 ? 'sm4' : undefined),
    modes: BASIC_MODES,
  },
};

/**
 * The cipher for a key.
 *
 * @param mode - undefined for the ciphers that have none (ChaCha20).
 * @throws ClavigerError `unsupported-cryptographic-parameters` for an algorithm, a mode or a key length that
 * there is not, `bad-cryptographic-parameters` without a mode.
 */
export function cipherSuite(
  algorithm: CryptographicAlgorithm | undefined,
  mode: BlockCipherMode | undefined,
  keyBytes: number,
): CipherSuite {
  if (algorithm === 'ChaCha20') return chaCha20(keyBytes);
  if (algorithm === 'ChaCha20Poly1305') return chaCha20Poly1305(keyBytes);
  const cipher = algorithm === undefined ? undefined : BLOCK_CIPHERS[algorithm];
  if (cipher === undefined) {
    const known = [...Object.keys(BLOCK_CIPHERS), 'ChaCha20', 'ChaCha20Poly1305'];
    throw refuse(
      `${algorithm ?? 'a key without algorithm'} cannot encrypt: use ${known.join(', ')}`,
    );
  }
  if (mode === undefined) {
    throw new ClavigerError(
      'bad-cryptographic-parameters',
      `name a Block Cipher Mode in the Cryptographic Parameters: ${cipher.modes.join(', ')}`,
    );
  }
  if (!cipher.modes.includes(mode)) {
    throw refuse(`${algorithm} has the modes ${cipher.modes.join(', ')} here, not ${mode}`);
  }
  return blockCipherSuite(cipher, mode, keyBytes);
}

function blockCipherSuite(
  cipher: BlockCipher,
  mode: BlockCipherMode,
  keyBytes: number,
): CipherSuite {
  const { blockBytes } = cipher;
  // XTS takes two keys of the cipher as one.
  const prefix = cipher.prefix(mode === 'XTS' ? keyBytes / 2 : keyBytes);
  if (prefix === undefined || (mode === 'XTS' && keyBytes === 48)) {
    throw refuse(`a key of ${keyBytes * 8} bits does not fit the mode ${mode}`);
  }
  const block = { min: blockBytes, max: blockBytes, usual: blockBytes };
  switch (mode) {
    case 'ECB':
      return { name: `${prefix}-ecb`, kind: 'blocks', blockBytes, iv: undefined };
    case 'CBC':
      return { name: `${prefix}-cbc`, kind: 'blocks', blockBytes, iv: block };
    case 'GCM':
      return {
        name: `${prefix}-gcm`,
        kind: 'aead',
        blockBytes,
        iv: { min: 1, max: 128, usual: 12 },
      };
    case 'CCM':
      return {
        name: `${prefix}-ccm`,
        kind: 'aead-at-once',
        blockBytes,
        iv: { min: 7, max: 13, usual: 12 },
      };
    case 'XTS':
      return { name: `${prefix}-xts`, kind: 'at-once', blockBytes, iv: block };
    case 'NISTKeyWrap':
      return keyWrap(prefix, '', KEY_WRAP_IV);
    case 'AESKeyWrapPadding':
      return keyWrap(prefix, '-pad', PADDED_KEY_WRAP_IV);
    default:
      return { name: `${prefix}-${mode.toLowerCase()}`, kind: 'stream', blockBytes, iv: block };
  }
}

function keyWrap(prefix: string, suffix: string, iv: Uint8Array): CipherSuite {
  const name = `id-${prefix.replace('-', '')}-wrap${suffix}`;
  return { name, kind: 'at-once', blockBytes: 8, iv: { fixed: iv } };
}

function chaCha20(keyBytes: number): CipherSuite {
  if (keyBytes !== 32) throw refuse('ChaCha20 needs a key of 256 bits');
  return { name: 'chacha20', kind: 'stream', blockBytes: 1, iv: { min: 8, max: 16, usual: 12 } };
}

function chaCha20Poly1305(keyBytes: number): CipherSuite {
  if (keyBytes !== 32) throw refuse('ChaCha20Poly1305 needs a key of 256 bits');
  return {
    name: 'chacha20-poly1305',
    kind: 'aead',
    blockBytes: 1,
    iv: { min: 8, max: 12, usual: 12 },
  };
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('unsupported-cryptographic-parameters', message);
}
