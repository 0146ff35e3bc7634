/** Recover (1.4 §4.23, 2.1 §6.1.42). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Recover = operation('Recover', {
  request: { uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')) },
  response: { uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')) },
});
