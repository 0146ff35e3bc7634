/** `[tls]`, `[clients]` and `[certificates]`: what the servers show, what clients get, what is warned of. */
import type { z } from 'zod';
import { listOf, section, text, wholeNumber, yesOrNo } from './setting-types.ts';

const MAX_VALIDITY_DAYS = 36_500;

export const tlsSettings = section({
  certificate_file: text()
    .optional()
    .describe(
      'Server certificate (PEM, chain after it). Default: `pki/server.crt`, made when missing.',
    ),
  key_file: text()
    .optional()
    .describe('Its private key (PEM), mode 0600 or 0640. Default: `pki/server.key`.'),
  dns_names: listOf(text())
    .optional()
    .describe(
      'Names in a newly made server certificate, beside those of the listeners. Default: this host and `localhost`.',
    ),
  ip_addresses: listOf(text())
    .optional()
    .describe('Addresses in it, beside those of the listeners. Default: those of this host.'),
  renew: yesOrNo()
    .default(true)
    .describe(
      'Whether a server certificate that was made here is renewed, with its key, in its last 30 days.',
    ),
  profiles_file: text()
    .optional()
    .describe('What newly made certificates look like. Default: `certs/profiles.json`.'),
}).refine((tls) => (tls.certificate_file === undefined) === (tls.key_file === undefined), {
  error: 'certificate_file and key_file must be given together',
});

export const clientSettings = section({
  authority_certificate_file: text()
    .optional()
    .describe('Authority that signs the certificates of clients (PEM). Default: `pki/ca.crt`.'),
  authority_key_file: text()
    .optional()
    .describe('Its private key (PEM), mode 0600. Default: `pki/ca.key`.'),
  max_validity_days: wholeNumber(1, MAX_VALIDITY_DAYS)
    .default(3650)
    .describe('Longest life that may be asked for; none outlives the authority.'),
}).refine(
  (clients) =>
    (clients.authority_certificate_file === undefined) ===
    (clients.authority_key_file === undefined),
  { error: 'authority_certificate_file and authority_key_file must be given together' },
);

export const certificateSettings = section({
  warn_days: listOf(wholeNumber(1, MAX_VALIDITY_DAYS))
    .max(10, { error: 'must be at most 10 numbers' })
    .default([90, 30, 7])
    .describe('Days before a certificate expires on which its end is announced.'),
});

export type TlsSettings = z.output<typeof tlsSettings>;
export type ClientSettings = z.output<typeof clientSettings>;
