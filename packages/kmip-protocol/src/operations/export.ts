/** Export (1.4 §4.40, 2.1 §6.1.18). */

import { attributeList } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { KeyWrappingSpecification } from '../objects/key-block.ts';
import { MANAGED_OBJECT_KEYS, managedObjectFields } from '../objects/managed-object.ts';
import { enumeration, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Export = operation(
  'Export',
  {
    request: {
      uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
      keyFormatType: optional(enumeration('KeyFormatType', 'KeyFormatType')),
      keyWrapType: optional(enumeration('KeyWrapType', 'KeyWrapType')),
      keyCompressionType: optional(enumeration('KeyCompressionType', 'KeyCompressionType')),
      keyWrappingSpecification: optional(KeyWrappingSpecification),
    },
    response: {
      objectType: required(enumeration('ObjectType', 'ObjectType')),
      uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
      attributes: attributeList('required', 'omit'),
      ...managedObjectFields,
    },
  },
  { response: { oneOf: MANAGED_OBJECT_KEYS } },
);
