/** Get Constraints (2.1 §6.1.22). */

import { required } from '../schema/declare.ts';
import { Constraints } from './constraints.ts';
import { operation } from './operation.ts';

export const GetConstraints = operation('GetConstraints', {
  request: {},
  response: { constraints: required(Constraints) },
});
