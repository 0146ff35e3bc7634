export type CertificateValidity = 'valid' | 'expired' | 'not-yet-valid';

/**
 * Judges the dates of a certificate, and nothing else. Both dates belong to the time of validity
 * (RFC 5280 §4.1.2.5).
 *
 * @param nowMs - Milliseconds since the epoch.
 */
export function certificateValidityAt(
  certificate: { readonly notBefore: number; readonly notAfter: number },
  nowMs: number,
): CertificateValidity {
  if (nowMs < certificate.notBefore) {
    return 'not-yet-valid';
  }
  // notAfter has whole seconds: the certificate is valid until that second is over.
  return Math.floor(nowMs / 1000) * 1000 > certificate.notAfter ? 'expired' : 'valid';
}
