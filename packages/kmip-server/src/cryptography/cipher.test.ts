import { randomBytes } from 'node:crypto';
import type { CryptographicParameters } from '@claviger/kmip-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CipherRequest, openDecryption, openEncryption } from './cipher.ts';

const random = (count: number) => new Uint8Array(randomBytes(count));
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

function aRequest(
  algorithm: CipherRequest['algorithm'],
  parameters: CryptographicParameters,
  key: Uint8Array,
  rest: { readonly iv?: Uint8Array; readonly additionalData?: Uint8Array } = {},
): CipherRequest {
  return { algorithm, parameters, key, iv: rest.iv, additionalData: rest.additionalData };
}

function encryptAtOnce(request: CipherRequest, data: Uint8Array) {
  const cipher = openEncryption(request, { totalBytes: data.length }, random);
  const head = cipher.update(data);
  const { data: tail, tag } = cipher.final();
  return { data: join(head, tail), tag, chosenIv: cipher.chosenIv };
}

function decryptAtOnce(request: CipherRequest, data: Uint8Array, tag?: Uint8Array) {
  const cipher = openDecryption({ ...request, tag }, { totalBytes: data.length });
  return join(cipher.update(data), cipher.final().data);
}

const COUNTING = hex('000102030405060708090a0b0c0d0e0f');
const COUNTING_32 = hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');

/** Published vectors: which standard, the request, plain, encrypted, tag. */
const VECTORS: readonly [string, CipherRequest, string, string, string?][] = [
  [
    'FIPS 197 C.1, AES-128',
    aRequest('AES', { blockCipherMode: 'ECB' }, COUNTING),
    '00112233445566778899aabbccddeeff',
    '69c4e0d86a7b0430d8cdb78070b4c55a',
  ],
  [
    'SP 800-38A F.2.1, CBC',
    aRequest('AES', { blockCipherMode: 'CBC' }, hex('2b7e151628aed2a6abf7158809cf4f3c'), {
      iv: COUNTING,
    }),
    '6bc1bee22e409f96e93d7e117393172a',
    '7649abac8119b246cee98e9b12e9197d',
  ],
  [
    'SP 800-38A F.5.1, CTR',
    aRequest('AES', { blockCipherMode: 'CTR' }, hex('2b7e151628aed2a6abf7158809cf4f3c'), {
      iv: hex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff'),
    }),
    '6bc1bee22e409f96e93d7e117393172a',
    '874d6191b620e3261bef6864990db6ce',
  ],
  [
    'SP 800-38D test case 4, GCM with additional data',
    aRequest('AES', { blockCipherMode: 'GCM' }, hex('feffe9928665731c6d6a8f9467308308'), {
      iv: hex('cafebabefacedbaddecaf888'),
      additionalData: hex('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
    }),
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091',
    '5bc94fbc3221a5db94fae95ae7121a47',
  ],
  [
    'RFC 3394 §4.6, key wrap',
    aRequest('AES', { blockCipherMode: 'NISTKeyWrap' }, COUNTING_32),
    '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
    '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
  ],
  [
    'RFC 5649 §6, key wrap with padding',
    aRequest(
      'AES',
      { blockCipherMode: 'AESKeyWrapPadding' },
      hex('5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8'),
    ),
    '466f7250617369',
    'afbeb0f07dfbf5419200f2ccb50bb24f',
  ],
  [
    'RFC 8439 §2.8.2, ChaCha20 with Poly1305',
    aRequest(
      'ChaCha20',
      { cryptographicAlgorithm: 'ChaCha20Poly1305' },
      hex('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f'),
      { iv: hex('070000004041424344454647'), additionalData: hex('50515253c0c1c2c3c4c5c6c7') },
    ),
    Buffer.from(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    ).toString('hex'),
    'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116',
    '1ae10b594f09e26a7e902ecbd0600691',
  ],
];

describe('a cipher', () => {
  it.each(VECTORS)('computes %s', (_, request, plain, encrypted, tag) => {
    const result = encryptAtOnce(request, hex(plain));
    expect(result.data).toEqual(hex(encrypted));
    if (tag !== undefined) expect(join(result.tag ?? hex(''))).toEqual(hex(tag));
    expect(decryptAtOnce(request, hex(encrypted), result.tag)).toEqual(hex(plain));
  });

  const SUITES: readonly [string, CipherRequest][] = [
    ['DES3 ECB', aRequest('DES3', { blockCipherMode: 'ECB', paddingMethod: 'PKCS5' }, random(24))],
    [
      'DES3 CBC of two keys',
      aRequest('DES3', { blockCipherMode: 'CBC', paddingMethod: 'PKCS5' }, random(16), {
        iv: random(8),
      }),
    ],
    ['AES OFB', aRequest('AES', { blockCipherMode: 'OFB' }, random(24), { iv: random(16) })],
    ['AES CFB', aRequest('AES', { blockCipherMode: 'CFB' }, random(32), { iv: random(16) })],
    [
      'AES CBC',
      aRequest('AES', { blockCipherMode: 'CBC', paddingMethod: 'PKCS5' }, random(32), {
        iv: random(16),
      }),
    ],
    ['AES GCM', aRequest('AES', { blockCipherMode: 'GCM' }, random(32), { iv: random(12) })],
    [
      'Camellia CBC',
      aRequest('Camellia', { blockCipherMode: 'CBC', paddingMethod: 'PKCS5' }, random(32), {
        iv: random(16),
      }),
    ],
    ['ARIA CTR', aRequest('ARIA', { blockCipherMode: 'CTR' }, random(24), { iv: random(16) })],
    ['SM4 CTR', aRequest('SM4', { blockCipherMode: 'CTR' }, random(16), { iv: random(16) })],
    ['ChaCha20', aRequest('ChaCha20', {}, random(32), { iv: random(8) })],
  ];

  it.each(SUITES)('gives in pieces what it gives at once: %s', (_, request) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
        const plain = join(...pieces);
        const whole = encryptAtOnce(request, plain);
        const encryption = openEncryption(request, { totalBytes: undefined }, random);
        const parts = pieces.map((piece) => encryption.update(piece));
        const end = encryption.final();
        expect(join(...parts, end.data)).toEqual(whole.data);
        expect(end.tag).toEqual(whole.tag);
        const decryption = openDecryption({ ...request, tag: end.tag }, { totalBytes: undefined });
        const back = [...parts, end.data].map((part) => decryption.update(part));
        expect(join(...back, decryption.final().data)).toEqual(plain);
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, CipherRequest, number]>([
    ['XTS', aRequest('AES', { blockCipherMode: 'XTS' }, random(64), { iv: random(16) }), 20],
    [
      'CCM with additional data',
      aRequest('AES', { blockCipherMode: 'CCM', tagLength: 12 }, random(16), {
        iv: random(12),
        additionalData: random(20),
      }),
      33,
    ],
    ['CCM', aRequest('AES', { blockCipherMode: 'CCM' }, random(16), { iv: random(7) }), 0],
  ])('takes the whole message of %s at once, and nothing in pieces', (_, request, length) => {
    const plain = random(length);
    const { data, tag } = encryptAtOnce(request, plain);
    expect(decryptAtOnce(request, data, tag)).toEqual(plain);
    expect(() => openEncryption(request, { totalBytes: undefined }, random)).toThrowError(
      expect.objectContaining({
        code: 'invalid-field',
        message: 'this mode needs all data in one request',
      }),
    );
  });

  it('chooses the initial value when Random IV asks for it', () => {
    const parameters = { blockCipherMode: 'GCM', randomIV: true } as const;
    const request = aRequest('AES', parameters, random(32));
    const { data, tag, chosenIv } = encryptAtOnce(request, Uint8Array.of(1, 2, 3));
    expect(chosenIv).toHaveLength(12);
    expect(decryptAtOnce({ ...request, iv: chosenIv }, data, tag)).toEqual(Uint8Array.of(1, 2, 3));
  });

  const GCM = aRequest('AES', { blockCipherMode: 'GCM' }, COUNTING, { iv: random(12) });

  it.each<[string, CipherRequest, string, string?]>([
    [
      'a key without algorithm',
      aRequest(undefined, { blockCipherMode: 'CBC' }, COUNTING),
      'a key without algorithm cannot encrypt: use AES, DES3, Camellia, ARIA, SM4, ChaCha20, ChaCha20Poly1305',
      'unsupported-cryptographic-parameters',
    ],
    [
      'an algorithm that the runtime lacks',
      aRequest('SKIPJACK', { blockCipherMode: 'CBC' }, random(10)),
      'SKIPJACK cannot encrypt: use AES, DES3, Camellia, ARIA, SM4, ChaCha20, ChaCha20Poly1305',
      'unsupported-cryptographic-parameters',
    ],
    [
      'no mode',
      aRequest('DES3', {}, random(24)),
      'name a Block Cipher Mode in the Cryptographic Parameters: ECB, CBC, CFB, OFB',
      'bad-cryptographic-parameters',
    ],
    [
      'a mode that the algorithm lacks',
      aRequest('DES3', { blockCipherMode: 'GCM' }, random(24)),
      'DES3 has the modes ECB, CBC, CFB, OFB here, not GCM',
      'unsupported-cryptographic-parameters',
    ],
    [
      'a key of the wrong length',
      aRequest('AES', { blockCipherMode: 'CBC' }, random(20)),
      'a key of 160 bits does not fit the mode CBC',
      'unsupported-cryptographic-parameters',
    ],
    [
      'no initial value',
      aRequest('AES', { blockCipherMode: 'CBC' }, COUNTING),
      'this mode needs an IV/Counter/Nonce, or Random IV in the Cryptographic Parameters',
      'invalid-message',
    ],
    [
      'an initial value of the wrong length',
      aRequest('AES', { blockCipherMode: 'CBC' }, COUNTING, { iv: random(12) }),
      'the IV/Counter/Nonce must have 16 bytes; it has 12',
    ],
    [
      'a short tag',
      aRequest('AES', { blockCipherMode: 'GCM', tagLength: 4 }, COUNTING, { iv: random(12) }),
      'an Authenticated Encryption Tag has 12 to 16 bytes, not 4',
      'tag-length-not-supported',
    ],
    [
      'another algorithm than that of the key',
      aRequest('AES', { blockCipherMode: 'CBC', cryptographicAlgorithm: 'Camellia' }, COUNTING),
      'the key is for AES, the Cryptographic Parameters say Camellia',
      'bad-cryptographic-parameters',
    ],
    [
      'a padding that is not there',
      aRequest('AES', { blockCipherMode: 'ECB', paddingMethod: 'ISO10126' }, COUNTING),
      'the Padding Method ISO10126 is not supported for blocks of 16 bytes; use None or PKCS5',
      'unsupported-cryptographic-parameters',
    ],
  ])('is refused for %s', (_, request, message, code = 'invalid-field') => {
    expect(() => openEncryption(request, { totalBytes: 16 }, random)).toThrowError(
      expect.objectContaining({ code, message }),
    );
  });

  it('needs the tag to decrypt', () => {
    expect(() => decryptAtOnce(GCM, random(16))).toThrowError(
      expect.objectContaining({
        code: 'invalid-field',
        message: 'this mode needs the Authenticated Encryption Tag to decrypt',
      }),
    );
  });

  it.each<[string, () => unknown]>([
    ['a forged tag', () => decryptAtOnce(GCM, random(16), random(16))],
    [
      'data that was not padded',
      () =>
        decryptAtOnce(
          aRequest('AES', { blockCipherMode: 'ECB', paddingMethod: 'PKCS5' }, COUNTING),
          random(15),
        ),
    ],
    [
      'half a block without padding',
      () => encryptAtOnce(aRequest('AES', { blockCipherMode: 'ECB' }, COUNTING), random(15)),
    ],
    [
      'a wrapped key that was changed',
      () =>
        decryptAtOnce(aRequest('AES', { blockCipherMode: 'NISTKeyWrap' }, COUNTING), random(24)),
    ],
  ])('says nothing of why it failed: %s', (_, work) => {
    expect(work).toThrowError(
      expect.objectContaining({
        code: 'cryptographic-failure',
        message: 'the data could not be processed with this key and these Cryptographic Parameters',
      }),
    );
  });
});
