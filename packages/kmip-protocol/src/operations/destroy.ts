/** Destroy (1.4 §4.21, 2.1 §6.1.15). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Destroy = operation('Destroy', {
  request: { uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')) },
  response: { uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')) },
});
