import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeOaep, encodeOaep } from './oaep.ts';

const RSA = generateKeyPairSync('rsa', { modulusLength: 1024 });
const LABEL = Uint8Array.of(1, 2, 3);
const MESSAGE = new TextEncoder().encode('a key to be kept');
const SAME = { hash: 'sha256', maskHash: 'sha256', label: LABEL };
const OTHER = { hash: 'sha1', maskHash: 'sha512', label: new Uint8Array(0) };
const seed = (count: number) => new Uint8Array(count).fill(7);
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel: LABEL };
const raw = { padding: constants.RSA_NO_PADDING };

function encoded(message: Uint8Array, options = OTHER): Uint8Array {
  const bytes = encodeOaep(message, 128, options, seed);
  if (bytes === undefined) throw new Error('The message of the test is too long.');
  return bytes;
}

describe('OAEP', () => {
  it('is that of the runtime, where both hashes are the same', () => {
    const ours = publicEncrypt({ key: RSA.publicKey, ...raw }, encoded(MESSAGE, SAME));
    expect(new Uint8Array(privateDecrypt({ key: RSA.privateKey, ...oaep }, ours))).toEqual(MESSAGE);
    const theirs = publicEncrypt({ key: RSA.publicKey, ...oaep }, MESSAGE);
    const bytes = privateDecrypt({ key: RSA.privateKey, ...raw }, theirs);
    expect(decodeOaep(new Uint8Array(bytes), SAME)).toEqual(MESSAGE);
  });

  it.each([0, 1, 85, 86])('carries %i bytes of the 86 that there is room for', (length) => {
    const message = new Uint8Array(length).fill(1);
    expect(decodeOaep(encoded(message), OTHER)).toEqual(message);
  });

  it('has no room for more', () => {
    expect(encodeOaep(new Uint8Array(87), 128, OTHER, seed)).toBeUndefined();
  });

  it('notices a change of any byte', () => {
    for (let at = 0; at < 128; at++) {
      const bytes = encoded(new Uint8Array(0));
      bytes[at] = (bytes[at] ?? 0) ^ 0x40;
      expect(decodeOaep(bytes, OTHER)).toBeUndefined();
    }
  });

  it('is not opened under another label', () => {
    expect(decodeOaep(encoded(MESSAGE), { ...OTHER, label: LABEL })).toBeUndefined();
  });

  it('is not found in bytes that are too few', () => {
    expect(decodeOaep(new Uint8Array(41), OTHER)).toBeUndefined();
  });
});
