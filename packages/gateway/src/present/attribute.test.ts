import { attribute, TAGS } from '@claviger/kmip-protocol';
import { expect, it } from 'vitest';
import { formatAttribute, toJsonAttribute } from './attribute.ts';

it.each([
  [attribute('CryptographicUsageMask', 12), 'Encrypt, Decrypt'],
  [attribute('CryptographicUsageMask', 0), '0'],
  [attribute('Name', { nameValue: 'db', nameType: 'UninterpretedTextString' }), 'db'],
  [attribute('ActivationDate', 1_700_000_000), '2023-11-14T22:13:20Z'],
  [attribute('CryptographicLength', 256), '256'],
  [attribute('State', 'PreActive'), 'PreActive'],
])('shows %o as %s', (given, text) => {
  expect(formatAttribute(given)).toBe(text);
});

it('shows the attributes of a client by the names they have in KMIP 1.x', () => {
  const given = {
    kind: 'vendor',
    vendorIdentification: 'x',
    name: 'Product',
    index: 1,
    value: { tag: TAGS.AttributeValue, type: 'TextString', value: 'vSphere' },
  } as const;
  expect(formatAttribute(given)).toBe('vSphere');
  expect(toJsonAttribute(given)).toEqual({ name: 'x-Product', index: 1, value: 'vSphere' });
});
