import { decodeXml } from '@claviger/ttlv-codec/xml';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.fixtures.ts';
import {
  haveOasisTestCases,
  oasisFolders,
  oasisMessages,
} from '../messages/oasis-test-cases.fixtures.ts';
import { statedVersion } from '../messages/through-schemas.fixtures.ts';
import { createKmipNames } from '../names.ts';
import { GetAttributes } from '../operations/get-attributes.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import { anEnumeration, anItem, aStructure } from '../schema/items.fixtures.ts';
import { ENUMERATIONS } from '../tables/enumerations.ts';
import { MASKS } from '../tables/masks.ts';
import type { Version } from '../tables/version.ts';
import { attribute } from './attribute.ts';
import { assertKnownValues, inWordsOf } from './known-values.ts';

const { ChaCha20, AES } = ENUMERATIONS.CryptographicAlgorithm.values;
const { Encrypt, Export, Authenticate } = MASKS.CryptographicUsageMask.bits;

const indexed = (name: string, value: ReturnType<typeof anEnumeration>) =>
  aStructure('Attribute', anItem('AttributeName', 'TextString', name), value);

describe('assertKnownValues', () => {
  it.each<[string, Version, ReturnType<typeof aStructure>]>([
    [
      'a value of the version',
      '1.4',
      aStructure('RequestPayload', anEnumeration('CryptographicAlgorithm', ChaCha20)),
    ],
    [
      "a vendor's value",
      '1.0',
      aStructure('RequestPayload', anEnumeration('CryptographicAlgorithm', 0x80000001)),
    ],
    [
      "a vendor's bit",
      '1.0',
      aStructure('RequestPayload', anItem('CryptographicUsageMask', 'Integer', -(2 ** 31))),
    ],
    [
      'the attribute of a vendor',
      '1.0',
      indexed('x-algorithm', anEnumeration('AttributeValue', ChaCha20)),
    ],
  ])('lets %s pass', (_, version, item) => {
    assertKnownValues(item, version);
  });

  it.each<[string, Version, ReturnType<typeof aStructure>, string]>([
    [
      'a value that came later',
      '1.3',
      aStructure('RequestPayload', anEnumeration('CryptographicAlgorithm', ChaCha20)),
      'RequestPayload/CryptographicAlgorithm: KMIP 1.3 does not have this value.',
    ],
    [
      'a value that went',
      '2.0',
      aStructure('RequestPayload', anEnumeration('ObjectType', 6)),
      'RequestPayload/ObjectType: KMIP 2.0 does not have this value.',
    ],
    [
      'the value of an attribute of 1.x',
      '1.3',
      indexed('Cryptographic Algorithm', anEnumeration('AttributeValue', ChaCha20)),
      'Attribute/AttributeValue: KMIP 1.3 does not have this value.',
    ],
    [
      'a bit that came later',
      '1.4',
      aStructure('Attributes', anItem('CryptographicUsageMask', 'Integer', Authenticate)),
      'Attributes/CryptographicUsageMask: KMIP 1.4 does not have all of these bits.',
    ],
  ])('refuses %s', (_, version, item, message) => {
    expect(errorOf(() => assertKnownValues(item, version))).toEqual({
      code: 'invalid-field',
      message,
    });
  });

  it.skipIf(!haveOasisTestCases)(
    'lets every message of the OASIS test cases pass (needs ../shared/kmip/test-cases)',
    () => {
      const names = createKmipNames();
      for (const { where, xml } of oasisFolders().flatMap(oasisMessages)) {
        const item = decodeXml(xml, names);
        expect([where, inWordsOf(statedVersion(item), item)]).toEqual([where, item]);
        assertKnownValues(item, statedVersion(item));
      }
    },
  );
});

describe('the attributes of an answer', () => {
  const answer = {
    uniqueIdentifier: '1',
    attributes: [
      attribute('CryptographicAlgorithm', 'ChaCha20'),
      attribute('CryptographicUsageMask', Encrypt | Export | Authenticate),
    ],
  };
  const told = (version: Version) =>
    decodeItem(GetAttributes.response, encodeItem(GetAttributes.response, answer, version), version)
      .attributes;

  it('leave out one whose value the version does not have', () => {
    expect(told('1.3').map(({ name }) => name)).toEqual(['CryptographicUsageMask']);
    expect(told('1.4').map(({ name }) => name)).toContain('CryptographicAlgorithm');
  });

  it('leave out the bits that the version does not have', () => {
    const mask = (version: Version) =>
      told(version).find(({ name }) => name === 'CryptographicUsageMask')?.value;
    expect(mask('1.4')).toBe(Encrypt | Export);
    expect(mask('2.0')).toBe(Encrypt | Authenticate);
  });
});

describe('inWordsOf', () => {
  it('gives back what the version has as it is', () => {
    const item = aStructure('Attributes', anEnumeration('CryptographicAlgorithm', AES));
    expect(inWordsOf('1.0', item)).toEqual(item);
  });
});
