import { describe, expect, it } from 'vitest';
import { aSigner, createMemoryLog } from '../audit-log.fixtures.ts';
import { makeInclusionProof, verifyInclusionProof } from './inclusion-proof.ts';

async function aProof(sequence = 7) {
  const log = createMemoryLog();
  const first = log.signer;
  log.append(11);
  await log.rotate();
  log.append(6);
  const checkpoint = await log.seal();
  const line = log.lines[sequence - 1] ?? '';
  const { verifierKey: publicKey } = log.signer;
  const text = await makeInclusionProof(log.store, { sequence, line }, { checkpoint, publicKey });
  return { text, line, first, publicKey };
}

describe('the proof that an event stands in the log', () => {
  it('holds alone, by its own key or a key that is trusted', async () => {
    for (const sequence of [1, 12, 13, 18]) {
      const { text, line, first, publicKey } = await aProof(sequence);
      const proven = { sequence, line, treeSize: 18 };
      expect(verifyInclusionProof(text)).toMatchObject({ ...proven, isKeyFromProof: true });
      for (const key of [first.verifierKey, publicKey]) {
        expect(verifyInclusionProof(text, key)).toMatchObject({ ...proven, isKeyFromProof: false });
      }
    }
  });

  it('does not hold for another event, place, tree or key', async () => {
    const { text } = await aProof();
    const untrusted = expect.objectContaining({ code: 'untrusted' });
    expect(() => verifyInclusionProof(text.replace('event 7 ', 'event 8 '))).toThrow(untrusted);
    expect(() =>
      verifyInclusionProof(text.replace('\\"sequence\\":7', '\\"sequence\\":8')),
    ).toThrow(untrusted);
    expect(() => verifyInclusionProof(text.replace('\\n18\\n', '\\n19\\n'))).toThrow(untrusted);
    expect(() => verifyInclusionProof(text, aSigner().verifierKey)).toThrow(untrusted);
  });

  it.each([
    ['nothing', () => ''],
    ['no JSON', (text: string) => text.slice(0, -9)],
    ['a list', () => '[]'],
    ['another format', (text: string) => text.replace('proof-1', 'proof-2')],
    ['no event', (text: string) => text.replace('"event"', '"evens"')],
    ['hashes that are none', (text: string) => text.replace('"proof": [', '"proof": [1,')],
    ['an event of another log', (text: string) => text.replace('0f0f', '0f00')],
  ])('is refused with %s', async (_name, edit) => {
    const { text } = await aProof();
    expect(() => verifyInclusionProof(edit(text))).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
  });
});
