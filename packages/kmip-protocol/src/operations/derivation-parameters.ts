/** Derivation Parameters, of Derive Key (1.4 §4.6, 2.1 §7.12). */

import { CryptographicParameters } from '../attributes/structures.ts';
import { bytes, integer, optional, repeated, structure } from '../schema/declare.ts';
import type { Infer } from '../schema/schema.ts';

/** Which of the fields there must be depends on the derivation method. */
export const DerivationParameters = structure('DerivationParameters', {
  cryptographicParameters: optional(CryptographicParameters),
  initializationVector: optional(bytes('InitializationVector')),
  /** Several for the signature of AWS: date, region and service. */
  derivationData: repeated(bytes('DerivationData')),
  salt: optional(bytes('Salt')),
  iterationCount: optional(integer('IterationCount')),
});
export type DerivationParameters = Infer<typeof DerivationParameters>;
