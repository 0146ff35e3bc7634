/** Interop (2.1 §6.1.26). */

import { enumeration, required, text } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Interop = operation('Interop', {
  request: {
    interopFunction: required(enumeration('InteropFunction', 'InteropFunction')),
    interopIdentifier: required(text('InteropIdentifier')),
  },
  response: {},
});
