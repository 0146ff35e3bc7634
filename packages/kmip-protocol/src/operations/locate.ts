/** Locate (1.4 §4.9, 2.1 §6.1.28). */

import { attributeList } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { enumeration, integer, mask, optional, repeated } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Locate = operation('Locate', {
  request: {
    maximumItems: optional(integer('MaximumItems')),
    offsetItems: optional(integer('OffsetItems'), { since: '1.3' }),
    storageStatusMask: optional(mask('StorageStatusMask', 'StorageStatusMask')),
    objectGroupMember: optional(enumeration('ObjectGroupMember', 'ObjectGroupMember'), {
      since: '1.1',
    }),
    attributes: attributeList('required', 'refuse'),
  },
  response: {
    /** How many match in all, when fewer are listed. */
    locatedItems: optional(integer('LocatedItems'), { since: '1.3' }),
    uniqueIdentifier: repeated(uniqueIdentifier('UniqueIdentifier')),
  },
});
