/** Set Constraints (2.1 §6.1.52). */

import { optional } from '../schema/declare.ts';
import { Constraints } from './constraints.ts';
import { operation } from './operation.ts';

export const SetConstraints = operation('SetConstraints', {
  request: {
    /** Absent: there are to be none. */
    constraints: optional(Constraints),
  },
  response: {},
});
