import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.fixtures.ts';
import { Encrypt } from '../operations/encrypt.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import { anEnumeration, anInteger, anItem, aStructure } from '../schema/items.fixtures.ts';

const BYTES = Uint8Array.of(1, 2);

describe('Data of a request', () => {
  it.each([
    ['bytes', anItem('Data', 'ByteString', BYTES), BYTES],
    [
      'what another operation of the batch gave',
      anEnumeration('Data', 1),
      { placeholder: 'Decrypt' },
    ],
    ['what was given just before', anInteger('Data', -1), { batchIndex: -1 }],
  ] as const)('is %s in 2.x', (_, field, data) => {
    const item = aStructure('RequestPayload', field);
    expect(decodeItem(Encrypt.request, item, '2.1')).toEqual({ data });
    expect(encodeItem(Encrypt.request, { data }, '2.1')).toEqual(item);
  });

  it('is bytes only in 1.x', () => {
    const item = aStructure('RequestPayload', anInteger('Data', 0));
    expect(errorOf(() => decodeItem(Encrypt.request, item, '1.4'))).toEqual({
      code: 'invalid-message',
      message: 'RequestPayload/Data: expected type ByteString, found Integer.',
    });
    expect(
      errorOf(() => encodeItem(Encrypt.request, { data: { batchIndex: 0 } }, '1.4')).code,
    ).toBe('internal');
  });

  it('must be there in 1.2, and may come later since 1.3', () => {
    const item = aStructure('RequestPayload');
    expect(errorOf(() => decodeItem(Encrypt.request, item, '1.2'))).toEqual({
      code: 'invalid-message',
      message: 'RequestPayload: Data is missing.',
    });
    expect(errorOf(() => encodeItem(Encrypt.request, {}, '1.2'))).toEqual({
      code: 'internal',
      message: 'RequestPayload: data is missing.',
    });
    expect(decodeItem(Encrypt.request, item, '1.3')).toEqual({});
    expect(encodeItem(Encrypt.request, {}, '1.3')).toEqual(item);
  });
});
