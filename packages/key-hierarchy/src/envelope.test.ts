import { randomBytes, webcrypto } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENVELOPE_OVERHEAD_BYTES, openEnvelope, sealEnvelope } from './envelope.ts';
import { type EnvelopeContext, encodeContext } from './envelope-context.ts';
import { KeyHierarchyError } from './error.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const CONTEXT: EnvelopeContext = { purpose: 'root-key', rootKeyId: 'root-1' };

/** The format as the header of envelope.ts states it, done by another interface: WebCrypto. */
async function openByWebCrypto(key: Uint8Array, envelope: Uint8Array): Promise<Uint8Array> {
  const { subtle } = webcrypto;
  const secret = await subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']);
  const derived = await subtle.deriveBits(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: envelope.slice(1, 33),
      info: new TextEncoder().encode('claviger envelope 1'),
    },
    secret,
    44 * 8,
  );
  const gcmKey = await subtle.importKey('raw', derived.slice(0, 32), 'AES-GCM', false, ['decrypt']);
  const plaintext = await subtle.decrypt(
    {
      name: 'AES-GCM',
      iv: derived.slice(32),
      additionalData: encodeContext(CONTEXT).slice(),
      tagLength: 128,
    },
    gcmKey,
    envelope.slice(33),
  );
  return new Uint8Array(plaintext);
}

describe('an envelope', () => {
  it('keeps format 1 for good', () => {
    const salt = new Uint8Array(32).fill(0xa5);
    const envelope = sealEnvelope(KEY, new TextEncoder().encode('clavis'), CONTEXT, () => salt);
    expect(Buffer.from(envelope).toString('hex')).toBe(
      '01a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5509036db3a8121c60a544db16b41ca67b6cecdcdca83',
    );
  });

  it('opens by an independent implementation of the documented format', async () => {
    const plaintext = new Uint8Array(randomBytes(57));
    const envelope = sealEnvelope(KEY, plaintext, CONTEXT, randomBytes);
    expect(await openByWebCrypto(KEY, envelope)).toEqual(plaintext);
  });

  it('opens to what was sealed, whatever the key, length and context', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        (key, plaintext, rootKeyId) => {
          const context: EnvelopeContext = { purpose: 'root-key', rootKeyId };
          const envelope = sealEnvelope(key, plaintext, context, randomBytes);
          expect(envelope.length).toBe(plaintext.length + ENVELOPE_OVERHEAD_BYTES);
          expect(openEnvelope(key, envelope, context)).toEqual(plaintext);
        },
      ),
    );
  });

  it('differs each time for the same plaintext', () => {
    const seal = () => Buffer.from(sealEnvelope(KEY, KEY, CONTEXT, randomBytes)).toString('hex');
    expect(seal()).not.toBe(seal());
  });

  it('is refused as `integrity` when any single bit differs', () => {
    const envelope = sealEnvelope(KEY, Uint8Array.of(1, 2, 3, 4), CONTEXT, randomBytes);
    for (let bit = 0; bit < envelope.length * 8; bit += 1) {
      const altered = envelope.slice();
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openEnvelope(KEY, altered, CONTEXT), `bit ${bit}`).toThrow(
        expect.objectContaining({ code: 'integrity' }),
      );
    }
  });

  it('is refused as `integrity` when it is cut or lengthened anywhere', () => {
    const envelope = sealEnvelope(KEY, Uint8Array.of(1, 2, 3, 4), CONTEXT, randomBytes);
    const others = [new Uint8Array([...envelope, 0])];
    for (let length = 0; length < envelope.length; length += 1) {
      others.push(envelope.slice(0, length));
    }
    for (const other of others) {
      expect(() => openEnvelope(KEY, other, CONTEXT), `${other.length} bytes`).toThrow(
        expect.objectContaining({ code: 'integrity' }),
      );
    }
  });

  it('gives `integrity` for any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => openEnvelope(KEY, bytes, CONTEXT)).toThrow(
          expect.objectContaining({ code: 'integrity' }),
        );
      }),
    );
  });

  it('does not open for another key or another context', () => {
    const envelope = sealEnvelope(KEY, KEY, CONTEXT, randomBytes);
    const otherKey = KEY.slice().fill(9, 0, 1);
    for (const open of [
      () => openEnvelope(otherKey, envelope, CONTEXT),
      () => openEnvelope(KEY, envelope, { purpose: 'root-key', rootKeyId: 'root-2' }),
      () => openEnvelope(KEY, envelope, { purpose: 'master-key' }),
    ]) {
      expect(open).toThrow(expect.objectContaining({ code: 'integrity' }));
    }
  });

  it('names what does not open, and no byte of key or plaintext', () => {
    const plaintext = new Uint8Array(16).fill(0xee);
    const envelope = sealEnvelope(KEY, plaintext, CONTEXT, randomBytes);
    envelope[40] = (envelope[40] ?? 0) ^ 1;
    try {
      openEnvelope(KEY, envelope, CONTEXT);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(KeyHierarchyError);
      const text = String(error);
      expect(text).toContain('root key root-1 does not open');
      expect(text).not.toMatch(/[0-9a-f]{8}|238/i);
    }
  });

  it.each([0, 16, 31, 33])('refuses a wrapping key of %d bytes', (length) => {
    const key = new Uint8Array(length);
    const envelope = new Uint8Array(100).fill(1);
    for (const call of [
      () => sealEnvelope(key, KEY, CONTEXT, randomBytes),
      () => openEnvelope(key, envelope, CONTEXT),
    ]) {
      expect(call).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    }
  });
});
