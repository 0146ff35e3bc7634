/** Archive (1.4 §4.22, 2.1 §6.1.4). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Archive = operation('Archive', {
  request: { uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')) },
  response: { uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')) },
});
