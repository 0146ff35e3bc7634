import { expect, it } from 'vitest';
import { addAttributesRequest, getRequest } from './request-bytes.ts';
import { requestTemplate } from './request-template.ts';

const ID = 'e5f0a1c2-0000-8000-a000-000000000001';

it.each([
  ['Get', getRequest],
  ['three Add Attribute', (id: string) => addAttributesRequest(id, ['A', 'B', 'C'], 'text')],
])('gives the bytes that encoding %s anew would give', (_, encode) => {
  const template = requestTemplate(encode, ID.length);
  expect(template.withId(ID)).toEqual(Buffer.from(encode(ID)));
});
