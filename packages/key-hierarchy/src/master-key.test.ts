import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { aMasterKey } from './key-hierarchy.fixtures.ts';
import { createMasterKey } from './master-key.ts';

const CONTEXT = { purpose: 'root-key', rootKeyId: 'root-1' } as const;

describe('createMasterKey', () => {
  it('has an id that is the same for the same key and another for another', () => {
    expect(aMasterKey(1).id).toBe(aMasterKey(1).id);
    expect(aMasterKey(1).id).not.toBe(aMasterKey(2).id);
    expect(aMasterKey(1).id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('shows nothing of the key when it is printed', () => {
    const printed = inspect(aMasterKey(0xee), { depth: null, showHidden: true });
    expect(printed).not.toMatch(/238|eeee/);
  });

  it('cannot be used after close, and may be closed twice', () => {
    const master = aMasterKey();
    const blob = master.wrap(new Uint8Array(32), CONTEXT);
    master.close();
    master.close();
    expect(() => master.unwrap(blob, CONTEXT)).toThrow(expect.objectContaining({ code: 'closed' }));
    expect(() => master.wrap(blob, CONTEXT)).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it.each([0, 16, 33])('refuses %d bytes', (length) => {
    expect(() => createMasterKey(new Uint8Array(length), (size) => new Uint8Array(size))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});
