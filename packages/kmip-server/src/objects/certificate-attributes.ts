/** What a certificate says of itself (1.4 §3.8 to §3.15). */

import { X509Certificate } from 'node:crypto';
import {
  attribute,
  type Certificate,
  ClavigerError,
  type Infer,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import { keyLengthBits } from '../cryptography/asymmetric-keys.ts';

/** The runtime's names of the algorithms of public keys. */
const ALGORITHMS = {
  rsa: 'RSA',
  dsa: 'DSA',
  ec: 'EC',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
} as const;

/** @throws ClavigerError `invalid-field` for an X.509 certificate that cannot be read. */
export function certificateAttributes({
  certificateType,
  certificateValue,
}: Infer<typeof Certificate>): readonly StandardAttribute[] {
  const known = [
    attribute('CertificateType', certificateType),
    attribute('CertificateLength', certificateValue.length),
  ];
  if (certificateType !== 'X_509') return known;
  const { publicKey } = readCertificate(certificateValue);
  const type = publicKey.asymmetricKeyType ?? '';
  const length = keyLengthBits(publicKey);
  return [
    ...known,
    ...(Object.hasOwn(ALGORITHMS, type)
      ? [attribute('CryptographicAlgorithm', ALGORITHMS[type as keyof typeof ALGORITHMS])] // just checked
      : []),
    ...(length === undefined ? [] : [attribute('CryptographicLength', length)]),
  ];
}

function readCertificate(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new ClavigerError('invalid-field', 'the Certificate Value is no X.509 certificate', {
      cause,
    });
  }
}
