/** Activate (1.4 §4.19, 2.1 §6.1.1). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Activate = operation('Activate', {
  request: { uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')) },
  response: { uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')) },
});
