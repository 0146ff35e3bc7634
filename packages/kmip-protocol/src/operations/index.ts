/** The operations whose payloads this package can read and write: one file each. */

import { Activate } from './activate.ts';
import { AddAttribute } from './add-attribute.ts';
import { Create } from './create.ts';
import { Destroy } from './destroy.ts';
import { DiscoverVersions } from './discover-versions.ts';
import { Get } from './get.ts';
import { GetAttributeList } from './get-attribute-list.ts';
import { GetAttributes } from './get-attributes.ts';
import { Locate } from './locate.ts';
import { Query } from './query.ts';
import { Revoke } from './revoke.ts';

export const OPERATION_SCHEMAS = {
  Activate,
  AddAttribute,
  Create,
  Destroy,
  DiscoverVersions,
  Get,
  GetAttributeList,
  GetAttributes,
  Locate,
  Query,
  Revoke,
} as const;

export type DescribedOperation = keyof typeof OPERATION_SCHEMAS;
