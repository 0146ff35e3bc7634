import { colonForm, type DevelopmentPki, type Fingerprint } from '@claviger/pki';
import type { Endpoint } from './config/endpoint.ts';
import { Failure } from './failure.ts';
import type { Gateway, GatewayAddresses } from './gateway.ts';
import type { Rig } from './rig.ts';

/** A certificate as its fingerprints, in the form that vCenter and openssl show. */
export interface CertificateReport {
  readonly sha1: string;
  readonly sha256: string;
}

/** What `claviger up` says once it accepts connections; with `--json` this is the line. */
export interface ReadyReport {
  readonly ready: true;
  readonly kmip: Endpoint;
  readonly api: Endpoint;
  /** UUID of the service instance: what clients of the API send as `Bluemix-Instance`. */
  readonly instance: string;
  readonly dataDir: string;
  readonly pki: {
    readonly caCertificate: string;
    readonly serverCertificate: string;
    readonly clientCertificate: string;
    readonly clientKey: string;
  };
  readonly adapter: { readonly id: string; readonly name: string };
  /** Null when the client certificate was removed from its adapter. */
  readonly certificate: ({ readonly id: string; readonly name: string } & CertificateReport) | null;
  readonly server: CertificateReport;
}

export function readyReport(
  addresses: GatewayAddresses,
  { installation, serverCertificate }: Gateway,
  pki: DevelopmentPki,
  { adapter, certificate }: Rig,
): ReadyReport {
  const [kmip] = addresses.kmip;
  if (kmip === undefined) throw new Failure('failure', 'There is no KMIP listener.');
  return {
    ready: true,
    kmip,
    api: addresses.api,
    instance: installation.instanceId,
    dataDir: installation.directory.path,
    pki: {
      caCertificate: pki.ca.certificatePath,
      serverCertificate: serverCertificate.certificatePath,
      clientCertificate: pki.client.certificatePath,
      clientKey: pki.client.keyPath,
    },
    adapter: { id: adapter.id, name: adapter.name },
    certificate:
      certificate === undefined
        ? null
        : { id: certificate.id, name: certificate.name, ...fingerprints(pki.client.certificate) },
    server: fingerprints(serverCertificate.certificate),
  };
}

function fingerprints(certificate: {
  readonly fingerprintSha1: Fingerprint;
  readonly fingerprintSha256: Fingerprint;
}): CertificateReport {
  return {
    sha1: colonForm(certificate.fingerprintSha1),
    sha256: colonForm(certificate.fingerprintSha256),
  };
}
