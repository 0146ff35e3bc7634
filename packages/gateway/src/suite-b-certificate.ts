/** Whether the certificate of the server has a key that listeners for Suite B can use. */
import type { ListenerSettings } from './config/settings-schema.ts';
import { Failure } from './failure.ts';
import type { ServerCertificate } from './server-certificate.ts';

const CURVES: Readonly<Record<NonNullable<ListenerSettings['suite_b']>, readonly string[]>> = {
  minLOS_128: ['P-256', 'P-384'],
  minLOS_192: ['P-384'],
};

/**
 * Looks before a client does: with another key no handshake would come to an end.
 *
 * @throws Failure `data` for a listener with `suite_b` whose level the key does not have (KMIP Suite B Profile 1.0 §1).
 */
export function assertFitsSuiteB(
  listeners: readonly Pick<ListenerSettings, 'suite_b'>[],
  { certificate, certificatePath }: Pick<ServerCertificate, 'certificate' | 'certificatePath'>,
): void {
  const { algorithm, curve } = certificate.publicKey;
  for (const [index, { suite_b }] of listeners.entries()) {
    if (suite_b === undefined) continue;
    const curves = CURVES[suite_b];
    if (algorithm === 'ec' && curve !== undefined && curves.includes(curve)) continue;
    throw new Failure(
      'data',
      `kmip.listeners[${index}].suite_b is ${suite_b}, which needs a key on ${curves.join(' or ')}; that of ${certificatePath} is another (${curve ?? algorithm}). Name a certificate with such a key in tls.certificate_file, or such a profile in tls.profiles_file before the certificate is made.`,
    );
  }
}
