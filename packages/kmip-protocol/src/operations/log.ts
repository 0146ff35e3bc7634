/** Log (2.1 §6.1.29). */

import { required, text } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Log = operation('Log', {
  request: { logMessage: required(text('LogMessage')) },
  response: {},
});
