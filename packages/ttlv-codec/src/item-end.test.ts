import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeTtlv } from './encode.ts';
import { endOfItem } from './item-end.ts';
import { ttlvItemArbitrary } from './testing.ts';

const viewOf = (bytes: Uint8Array) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

describe('the end of an item', () => {
  it('is where the next one begins, whatever the item', () => {
    fc.assert(
      fc.property(ttlvItemArbitrary(), (item) => {
        const bytes = encodeTtlv(item);
        const twice = new Uint8Array([...bytes, ...bytes]);
        expect(endOfItem(viewOf(twice), 0)).toBe(bytes.length);
        expect(endOfItem(viewOf(twice), bytes.length)).toBe(twice.length);
      }),
    );
  });

  it('is an error where no header is', () => {
    expect(() => endOfItem(viewOf(new Uint8Array(7)), 0)).toThrow(RangeError);
  });
});
