import { describe, expect, it } from 'vitest';
import { parseDetailedRootKeyRow } from './management-rows.ts';
import { parseIndexRow, parseObjectRow, parseRootKeyRow } from './rows.ts';

const OBJECT_ROW = {
  object_rowid: 1,
  id: 'a',
  adapter_id: 'b',
  version: 1,
  object_type: 'SymmetricKey',
  attributes: Uint8Array.of(1),
  material: null,
  created_at: 0,
  owner: null,
};

const ROOT_KEY_ROW = {
  id: 'a',
  name: 'b',
  state: 'enabled',
  wrapped_key: new Uint8Array(),
  created_at: 0,
  description: null,
  tags: '[]',
  imported: 0,
};

describe('rows', () => {
  it.each([
    ['a text where a number belongs', { version: '1' }, 'version'],
    ['a fraction where a whole number belongs', { version: 1.5 }, 'version'],
    ['a number beyond 2^53', { created_at: 2 ** 53 }, 'created_at'],
    ['a number where a text belongs', { id: 7 }, 'id'],
    ['a text where bytes belong', { material: 'text' }, 'material'],
    ['a column that is missing', { attributes: undefined }, 'attributes'],
  ])('calls %s damage, and names the column', (_name, damage, column) => {
    expect(() => parseObjectRow({ ...OBJECT_ROW, ...damage })).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining(column) }),
    );
  });

  it('calls an unknown state of a root key damage', () => {
    const row = { id: 'a', name: 'b', state: 'open', wrapped_key: new Uint8Array(), created_at: 0 };
    expect(() => parseRootKeyRow(row)).toThrow(expect.objectContaining({ code: 'corrupt' }));
  });

  it('calls an index value that is neither text nor number damage', () => {
    expect(() => parseIndexRow({ name: 'n', value: null })).toThrow(
      expect.objectContaining({ code: 'corrupt' }),
    );
  });

  it('copies bytes into a buffer of their own', () => {
    const page = new Uint8Array(4096);
    const row = parseObjectRow({ ...OBJECT_ROW, attributes: page.subarray(10, 12) });
    expect(row.attributes.buffer.byteLength).toBe(2);
  });

  it.each([
    ['no JSON', '['],
    ['no list', '{}'],
    ['a number among its texts', '["a", 1]'],
  ])('calls tags damage when they are %s', (_name, tags) => {
    expect(() => parseDetailedRootKeyRow({ ...ROOT_KEY_ROW, tags }, [])).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining('tags') }),
    );
  });

  it('calls a flag that is neither 0 nor 1 damage', () => {
    expect(() => parseDetailedRootKeyRow({ ...ROOT_KEY_ROW, imported: 2 }, [])).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining('imported') }),
    );
  });
});
