/** Certificates as clients bring them. */

import { createHash } from 'node:crypto';
import {
  type CertificateProfile,
  type CertifiedKey,
  createCertificateAuthority,
  createSelfSignedCertificate,
} from '@claviger/pki';

export const CLIENT_PROFILE: CertificateProfile = {
  subject: { commonName: 'vcenter.example' },
  key: { algorithm: 'EC', curve: 'P-256' },
  validityDays: 365,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [],
};

const AUTHORITY_PROFILE: CertificateProfile = {
  ...CLIENT_PROFILE,
  subject: { commonName: 'Clients of Example' },
  keyUsage: ['keyCertSign', 'cRLSign'],
};

/** Self-signed and without Extended Key Usage, as vCenter makes them. */
export function aClientCertificate(now: number, validityDays = 365): Promise<CertifiedKey> {
  return createSelfSignedCertificate({ profile: CLIENT_PROFILE, validityDays }, { now: () => now });
}

export function anAuthority(now: number): Promise<CertifiedKey> {
  return createCertificateAuthority(AUTHORITY_PROFILE, { now: () => now });
}

/** What shows a certificate as `openssl x509 -fingerprint -sha256`, in lower case without colons. */
export function sha256Of({ certificate }: CertifiedKey): string {
  return createHash('sha256').update(certificate.der).digest('hex');
}

/** RSA of 1,024 bits. */
export const WEAK_CERTIFICATE = `\
-----BEGIN CERTIFICATE-----
MIICDDCCAXWgAwIBAgIUXoVNhirg1L7WyRaDIGpcs9E/3TMwDQYJKoZIhvcNAQEL
BQAwFzEVMBMGA1UEAwwMd2Vhay5leGFtcGxlMCAXDTI2MTEyMjE4NTc0NloYDzIx
MjYxMDI5MTg1NzQ2WjAXMRUwEwYDVQQDDAx3ZWFrLmV4YW1wbGUwgZ8wDQYJKoZI
hvcNAQEBBQADgY0AMIGJAoGBANntNiVNTLgxtw8Eo30M/8UFs7d/XwCnnp5Xb0J2
UxRgIWofcJslEEXiGRegYp8IPf3BXI6Voh4HLPGKcdxnx7cM7R4nze/5X3SSVEDs
W0wz1lAr1kmPuLdTfs+CqSXHu46/aXPk0SaHOByos4ojYx9dXX3dQyd5dIlSLVIM
MgCpAgMBAAGjUzBRMB0GA1UdDgQWBBRf5USbotbuxMdO/Jr5sCbjhrkCGzAfBgNV
HSMEGDAWgBRf5USbotbuxMdO/Jr5sCbjhrkCGzAPBgNVHRMBAf8EBTADAQH/MA0G
CSqGSIb3DQEBCwUAA4GBAGpT5f5gIf3r8gOOfHQVh5y982g7FmdfvZ3Z4WQ1LrDk
sW72ElIZgK/iSEUunROSEVolvLuOvghDPd5x/infOdBvjk9/rQ0LagESO5d1TSYX
ATf2Q7eapNeixFCRtIsdkLJlp3Ps3U2U4ni0al5kli6BB1a0GZ8vFEwndiYK4bmQ
-----END CERTIFICATE-----
`;

/** RSA of 2,048 bits, signed with SHA-1; made by OpenSSL. */
export const SHA1_CERTIFICATE = `\
-----BEGIN CERTIFICATE-----
MIIDETCCAfmgAwIBAgIUfGoXc7YK8cJSRfye5fwmLpDi1sIwDQYJKoZIhvcNAQEF
BQAwFzEVMBMGA1UEAwwMc2hhMS5leGFtcGxlMCAXDTI2MTEyMjIxMzYxMFoYDzIx
MjYxMDI5MjEzNjEwWjAXMRUwEwYDVQQDDAxzaGExLmV4YW1wbGUwggEiMA0GCSqG
SIb3DQEBAQUAA4IBDwAwggEKAoIBAQD2B1NHnFoWkOdcYRQz4m8Dwt0ygffnBTif
uJ2ykLfeKkemcuJZPN27C4UOTYZI/kZDyBHNSvpffhFxPQ4/4Nbu4HKxSXYL61lw
K0L52GWgLN9AhRam8kFPqS96d0jnsWcXe5KZsvGI6TP7Dh4a+JNbw+9ivKsSZRr9
8hn/SnDpf1/Dvcqsy0ARNY4ab/iIys2hJYDUhhRQT3MvMpimreRMewxIrC/g+0Pk
+FexNyezqK9P2esE9R0HMhZtZpM/BtMdIcbael9YkGAwczwxUI4SnQ8ouifQ1Y6D
17/30zHNZ2WivfqHsAzWNfF28cK5JSh458GbWXE884yxDxX0FouRAgMBAAGjUzBR
MB0GA1UdDgQWBBR4UbFsPDRMxSdt0ohZp4qwO0uZ3DAfBgNVHSMEGDAWgBR4UbFs
PDRMxSdt0ohZp4qwO0uZ3DAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBBQUA
A4IBAQAdg48SbjBn5hC7MCopiG3CqhvJYSxawZqtiq03aSJ7t5wpe6PAQM3V88O9
3QVAXIhSAQjevqGI2LZKWBhpTxD90//k7zCJsBb+fdVAg+DCCBK+gfCvPBB6GloB
Ht5UrV1CLQW/dUs/dQrPUdvp1l1c8YigUylnwEtKHzb/nHwEEv2L5dl7klCCLJ8P
8NtLVhcZJMrsZEXVPVlNx0U5BmUrdRUjAkH63jDgN7dyKzN7j0j6K45tNXIL9KBm
GISQ9+kTLh9lxZBv2F+1lgAEJJVUpz7Q/LuYU5dXeYfsI1cY593SQZPxxGa83cqi
5zpahW22n8pBJE/EveSCi4+l+zwC
-----END CERTIFICATE-----
`;

/** CN=request.example, P-256; made by OpenSSL. */
export const CERTIFICATE_REQUEST = `\
-----BEGIN CERTIFICATE REQUEST-----
MIHUMHwCAQAwGjEYMBYGA1UEAwwPcmVxdWVzdC5leGFtcGxlMFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAEvxxTHuZcrYYJVEK8i6GWVE3+i1UfZ7EhMwlSXqg7hESW
dg5qBXkslGEiXPuQW8KDySBkoCwlEJRe6l4qYHpcq6AAMAoGCCqGSM49BAMCA0gA
MEUCIGPQmlCPDkTXQeXuP2J7OgpghyCR3kYrspij59usLT6pAiEA21aEh+1QjoC8
cpWTOXcINBdV+Kn7HI3I4scx07ofGzo=
-----END CERTIFICATE REQUEST-----
`;
