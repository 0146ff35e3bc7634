/** Poll (1.4 §4.28, 2.1 §6.1.38). When the request has ended, the answer bears its operation and its payload; else it has none. */

import { bytes, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Poll = operation('Poll', {
  request: { asynchronousCorrelationValue: required(bytes('AsynchronousCorrelationValue')) },
  response: {},
});
