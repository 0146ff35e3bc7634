/** Certificates for tests over real sockets. */

import { createSelfSignedCertificate } from '@claviger/pki';
import type { Identity } from './connection.ts';

/** A self-signed certificate for 127.0.0.1, which is its own authority. */
export async function anIdentity(commonName: string): Promise<Identity> {
  const { certificate, privateKeyPem } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays: 2,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
      ipAddresses: ['127.0.0.1'],
    },
    { now: Date.now },
  );
  return { cert: certificate.pem, key: privateKeyPem };
}

/** The port that something listens on. */
export function portOf(server: { address(): unknown }): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null || !('port' in address)) {
    throw new Error('It does not listen.');
  }
  return Number(address.port);
}
