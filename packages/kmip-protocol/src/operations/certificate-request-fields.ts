/** How Certify and Re-certify carry the request for a certificate (1.4 §4.7, 2.1 §6.1.6). */

import { bytes, enumeration, optional, versioned } from '../schema/declare.ts';

/** Both are absent when the server is to use the public key, or a Certificate Request that it holds. */
export const certificateRequestFields = {
  certificateRequestType: optional(
    enumeration('CertificateRequestType', 'CertificateRequestType'),
    { requiredUntil: '1.0' },
  ),
  certificateRequest: optional(
    // 2.x needs the first tag for an object of its own.
    versioned('CertificateRequest', [
      { since: '1.0', schema: bytes('CertificateRequest') },
      { since: '2.0', schema: bytes('CertificateRequestValue') },
    ]),
    { requiredUntil: '1.0' },
  ),
} as const;
