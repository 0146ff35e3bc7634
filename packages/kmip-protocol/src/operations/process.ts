/** Process (2.1 §6.1.39). */

import { bytes, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Process = operation('Process', {
  request: { asynchronousCorrelationValue: required(bytes('AsynchronousCorrelationValue')) },
  response: {},
});
