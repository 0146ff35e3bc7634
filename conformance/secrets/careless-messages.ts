/** Messages that carry key bytes where none belong: what a careless client, or a broken one, may send. */

import { encodeTtlv } from '@claviger/ttlv-codec';
import {
  batchItem,
  bytes,
  enumeration,
  header,
  integer,
  request,
  requestMessage,
  structure,
  text,
} from '../ttlv-request.ts';

const SYMMETRIC_KEY = 2;
const RAW = 1;
const AES = 3;
const KMIP_1_4 = [1, 4] as const;

/** By what is wrong with them. */
export function carelessMessages(key: Uint8Array): Readonly<Record<string, Uint8Array>> {
  const hex = Buffer.from(key).toString('hex');
  const register = request(
    KMIP_1_4,
    'Register',
    enumeration('ObjectType', SYMMETRIC_KEY),
    structure('TemplateAttribute'),
    structure(
      'SymmetricKey',
      structure(
        'KeyBlock',
        enumeration('KeyFormatType', RAW),
        structure('KeyValue', bytes('KeyMaterial', key)),
        enumeration('CryptographicAlgorithm', AES),
        integer('CryptographicLength', key.length * 8),
      ),
    ),
  );
  return {
    'no KMIP at all': key,
    'no KMIP that begins like it': Uint8Array.of(0x42, 0x00, 0x78, 0x01, ...key),
    Register: register,
    'Register, cut off': register.subarray(0, register.length - 48),
    'Register whose lengths are wrong': register.map((byte, at) => (at === 15 ? byte + 8 : byte)),
    'a key instead of an identifier': request(KMIP_1_4, 'Get', text('UniqueIdentifier', hex)),
    'a key as bytes instead of an identifier': request(
      KMIP_1_4,
      'Get',
      bytes('UniqueIdentifier', key),
    ),
    'a key instead of the name of an attribute': request(
      KMIP_1_4,
      'GetAttributes',
      text('UniqueIdentifier', 'some key'),
      text('AttributeName', `x-${hex}`),
    ),
    'a key where a number belongs': request(KMIP_1_4, 'Locate', bytes('MaximumItems', key)),
    'a key in an item that does not belong there': request(
      KMIP_1_4,
      'Activate',
      text('UniqueIdentifier', 'some key'),
      bytes('KeyMaterial', key),
    ),
    'a key in the payload of an unknown operation': request(
      KMIP_1_4,
      0x8fff_ffff,
      bytes('KeyMaterial', key),
    ),
    'a key in the header': requestMessage(
      structure('RequestHeader', ...headerParts(), bytes('KeyMaterial', key)),
      batchItem('Query'),
    ),
    'a key instead of a Batch Item ID': requestMessage(
      header(KMIP_1_4),
      batchItem('Destroy', [text('UniqueIdentifier', 'some key')], key),
    ),
    'a key as a message': encodeTtlv(structure('KeyBlock', bytes('KeyMaterial', key))),
    'a key in a version that there is not': requestMessage(
      header([9, 9]),
      batchItem('Get', [bytes('KeyMaterial', key)]),
    ),
  };
}

function headerParts() {
  const whole = header(KMIP_1_4);
  return whole.type === 'Structure' ? whole.value : [];
}
