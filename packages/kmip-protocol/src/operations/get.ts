/** Get (1.4 §4.11, 2.1 §6.1.19). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { KeyWrappingSpecification } from '../objects/key-block.ts';
import { MANAGED_OBJECT_KEYS, managedObjectFields } from '../objects/managed-object.ts';
import { enumeration, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Get = operation(
  'Get',
  {
    request: {
      uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
      keyFormatType: optional(enumeration('KeyFormatType', 'KeyFormatType')),
      keyWrapType: optional(enumeration('KeyWrapType', 'KeyWrapType'), { since: '1.4' }),
      keyCompressionType: optional(enumeration('KeyCompressionType', 'KeyCompressionType')),
      keyWrappingSpecification: optional(KeyWrappingSpecification),
    },
    response: {
      objectType: required(enumeration('ObjectType', 'ObjectType')),
      uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
      ...managedObjectFields,
    },
  },
  { response: { oneOf: MANAGED_OBJECT_KEYS } },
);
