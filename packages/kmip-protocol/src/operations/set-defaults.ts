/** Set Defaults (2.1 §6.1.53). */

import { optional } from '../schema/declare.ts';
import { DefaultsInformation } from './defaults-information.ts';
import { operation } from './operation.ts';

export const SetDefaults = operation('SetDefaults', {
  request: {
    /** Absent: there are to be none. */
    defaultsInformation: optional(DefaultsInformation),
  },
  response: {},
});
