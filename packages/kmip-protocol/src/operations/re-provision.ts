/** Re-Provision (2.1 §6.1.48). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { Certificate, CertificateRequest } from '../objects/managed-object.ts';
import { optional } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const ReProvision = operation('ReProvision', {
  request: {
    certificateRequest: optional(CertificateRequest),
    certificate: optional(Certificate),
  },
  response: { uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')) },
});
