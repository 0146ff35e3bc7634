/** How a request says which part of a stream its data is: 1.4 §2.1.15 to §2.1.17, 2.1 §7.8, §7.14 and §7.17. */

import { boolean, bytes, optional } from '../schema/declare.ts';

export const streamFields = {
  /** From the answer to the first part; absent in that one. */
  correlationValue: optional(bytes('CorrelationValue'), { since: '1.3' }),
  /** The first part, with more to come. */
  initIndicator: optional(boolean('InitIndicator'), { since: '1.3' }),
  /** The last part. */
  finalIndicator: optional(boolean('FinalIndicator'), { since: '1.3' }),
} as const;
