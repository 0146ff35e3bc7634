/** Cancel (1.4 §4.27, 2.1 §6.1.5). */

import { bytes, enumeration, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Cancel = operation('Cancel', {
  request: { asynchronousCorrelationValue: required(bytes('AsynchronousCorrelationValue')) },
  response: {
    asynchronousCorrelationValue: required(bytes('AsynchronousCorrelationValue')),
    cancellationResult: required(enumeration('CancellationResult', 'CancellationResult')),
  },
});
