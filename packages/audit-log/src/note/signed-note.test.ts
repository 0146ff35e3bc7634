import { describe, expect, it } from 'vitest';
import { isSignedBy, MAX_NOTE_LENGTH, parseNote, signNote } from './signed-note.ts';
import { createSigner, generateSigningKey } from './signer.ts';
import { parseVerifierKey } from './verifier-key.ts';

/** The example of the package golang.org/x/mod/sumdb/note. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NOTE =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n" +
  '\n' +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

describe('a signed note', () => {
  it('of another program is read and verified', () => {
    const note = parseNote(NOTE);
    expect(note.text.split('\n')).toHaveLength(3);
    expect(isSignedBy(note, parseVerifierKey(`${PETER}\n`))).toBe(true);
    expect(parseVerifierKey(PETER).text).toBe(PETER);
  });

  it('is not signed any more when its text, its name or its key is another', () => {
    const key = parseVerifierKey(PETER);
    expect(isSignedBy(parseNote(NOTE.replace('answer', 'anwser')), key)).toBe(false);
    expect(isSignedBy(parseNote(NOTE.replace('— Peter', '— Pater')), key)).toBe(false);
    const { verifierKey } = createSigner('PeterNeumann', generateSigningKey());
    expect(isSignedBy(parseNote(NOTE), verifierKey)).toBe(false);
  });

  it('can have several signatures, and empty lines', () => {
    const signers = ['a', 'b'].map((name) => createSigner(name, generateSigningKey()));
    const note = parseNote(signNote('one\n\ntwo\n', signers));
    expect(note.text).toBe('one\n\ntwo\n');
    expect(signers.map(({ verifierKey }) => isSignedBy(note, verifierKey))).toEqual([true, true]);
  });

  it.each([
    ['nothing', ''],
    ['no signature', 'text\n\n'],
    ['no empty line', NOTE.replace('\n\n', '\n')],
    ['no line feed at its end', NOTE.slice(0, -1)],
    ['another dash', NOTE.replace('—', '-')],
    ['base64 that is not canonical', NOTE.replace('JnAM=', 'JnAN=')],
    ['a signature without bytes', NOTE.replace(/x08go.*/, 'x08goQ==')],
    ['control characters', NOTE.replace('your', 'y\rour')],
    ['too much', `${'x'.repeat(MAX_NOTE_LENGTH)}${NOTE}`],
    ['too many signatures', NOTE + NOTE.slice(NOTE.indexOf('—')).repeat(100)],
  ])('is refused with %s', (_name, text) => {
    expect(() => parseNote(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});

describe('a verifier key', () => {
  it.each([
    ['nothing', ''],
    ['another id', PETER.replace('c74f20a3', 'c74f20a4')],
    ['another name', PETER.replace('Peter', 'Pater')],
    ['a key that is cut', PETER.slice(0, -4)],
    ['another algorithm', 'PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['two lines', `${PETER}\n${PETER}`],
  ])('is refused with %s', (_name, text) => {
    expect(() => parseVerifierKey(text)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  it('comes from an Ed25519 key alone, and no error repeats a private key', () => {
    expect(() => createSigner('a', 'SECRET')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('SECRET') }),
    );
  });
});
