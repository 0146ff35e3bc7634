import { attribute, ClavigerError } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { createWorkspace } from '../batch/workspace.ts';
import { aSymmetricKey } from './managed-object.fixtures.ts';
import { attributeValue, fromRecord, toRecord, withValues } from './managed-object.ts';

const attributes = [attribute('ObjectGroup', 'first'), attribute('ObjectGroup', 'second', 1)];
const record = toRecord({ ...aSymmetricKey({ id: 'object', attributes }), version: 0 });

describe('an object from the store', () => {
  it('tells a value without its other attributes, and all of them when asked', () => {
    const object = fromRecord(record);
    expect(attributeValue(object, 'ObjectGroup')).toBe('first');
    expect(attributeValue(object, 'ArchiveDate')).toBeUndefined();
    expect(object.attributes).toEqual(expect.arrayContaining(attributes));
  });

  it('keeps its other attributes when some are changed', () => {
    const object = fromRecord(record);
    const changed = withValues(object, { Comment: 'new' });
    expect(changed.attributes).toEqual([...object.attributes, attribute('Comment', 'new')]);
    expect(attributeValue(changed, 'Comment')).toBe('new');
  });

  it('keeps all of them when it is spread', () => {
    const object = fromRecord(record);
    expect({ ...object, owner: 'backup' }.attributes).toEqual(object.attributes);
  });

  it('keeps all of them when it is saved as it came', async () => {
    const store = { readObject: async () => record, locateObjects: never, readSetting: never };
    const workspace = createWorkspace(store, record.adapterId);
    const object = await workspace.read(record.id);
    workspace.save(object === undefined ? [] : [object]);
    const [change] = workspace.changes({ at: 0 });
    expect(change).toMatchObject({
      kind: 'update-object',
      object: { ...record, version: record.version + 1 },
    });
  });

  it('whose record is damaged fails wherever an attribute is asked for', () => {
    const object = fromRecord({ ...record, attributes: record.attributes.subarray(0, -8) });
    expect(() => attributeValue(object, 'Extractable')).toThrow(ClavigerError);
    expect(() => object.attributes).toThrow(ClavigerError);
  });
});

async function never(): Promise<never> {
  throw new Error('Nothing else is read.');
}
