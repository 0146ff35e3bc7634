/** PKCS#11 (2.1 §6.1.37). */

import { bytes, enumeration, optional, required, text } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const PKCS_11 = operation('PKCS_11', {
  request: {
    pkcs11Interface: optional(text('PKCS_11Interface')),
    pkcs11Function: required(enumeration('PKCS_11Function', 'PKCS_11Function')),
    correlationValue: optional(bytes('CorrelationValue')),
    pkcs11InputParameters: optional(bytes('PKCS_11InputParameters')),
  },
  response: {
    pkcs11Interface: optional(text('PKCS_11Interface')),
    pkcs11Function: required(enumeration('PKCS_11Function', 'PKCS_11Function')),
    correlationValue: optional(bytes('CorrelationValue')),
    pkcs11OutputParameters: optional(bytes('PKCS_11OutputParameters')),
    pkcs11ReturnCode: required(enumeration('PKCS_11ReturnCode', 'PKCS_11ReturnCode')),
  },
});
