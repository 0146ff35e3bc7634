/** `[api]`: the management API, who may log in there, and who may read its metrics. */
import {
  DEFAULT_KEY_ACTION_DELAYS as DELAYS,
  isRole,
  DEFAULT_LOGIN_LIMITS as LOGIN,
  ROLES,
} from '@claviger/management-api';
import { z } from 'zod';
import { addressRanges } from './address-ranges.ts';
import { listOf, oneOf, PORT, section, text, wholeNumber, yesOrNo } from './setting-types.ts';

const DAY_SECONDS = 24 * 60 * 60;
const SECOND_MS = 1000;

const roleOfText = z
  .string({ error: 'must be a text' })
  .refine(
    (entry) => /^.+=/.test(entry) && isRole(entry.slice(entry.lastIndexOf('=') + 1)),
    `must be TEXT=ROLE, with a role of: ${Object.keys(ROLES).join(', ')}`,
  );

/** Keys that came in the clear could be anybody's. */
const keySetUrl = z
  .string({ error: 'must be a URL' })
  .refine(isSafeUrl, 'must be an https URL; http is for this machine (localhost) only');

function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  const isThisMachine = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isThisMachine);
}

const oidcIssuer = section({
  issuer: text().describe('`iss` of the tokens of an OIDC issuer whose tokens are accepted.'),
  jwks_url: keySetUrl.describe('Where that issuer publishes its keys (JWKS), by https.'),
  audience: text().describe('`aud` that its tokens must have.'),
  role_claim: text().default('roles').describe('The claim, a text or a list, that gives roles.'),
  roles: listOf(roleOfText)
    .min(1, { error: 'must give at least one role' })
    .describe('`TEXT=ROLE`: what a text in that claim gives. Other texts give nothing.'),
});

export const apiSettings = section({
  host: text()
    .default('127.0.0.1')
    .describe('Address of the management API, with `/healthz` and `/readyz`.'),
  port: PORT.default(8443).describe('0 lets the system choose.'),
  network: oneOf('private', 'public')
    .default('private')
    .describe('Events of a `public` API carry the address of the caller.'),
  private_cidrs: addressRanges()
    .prefault([])
    .describe('Ranges whose callers a `public` API takes for private.'),
  trusted_proxies: addressRanges()
    .prefault([])
    .describe('Balancers that say by the PROXY protocol (version 2) who the caller is.'),
  allow_weak_certificates: yesOrNo()
    .default(false)
    .describe('Takes SHA-1 signatures and RSA keys from 1024 bits of old rigs, with a warning.'),
  token_lifetime_seconds: wholeNumber(60, DAY_SECONDS)
    .default(3600)
    .describe('How long a token is good for.'),
  login_max_failures: wholeNumber(1, 10_000)
    .default(LOGIN.maxFailures)
    .describe('Failed log-ins of one address before it has to wait.'),
  login_window_seconds: wholeNumber(1, DAY_SECONDS)
    .default(LOGIN.windowMs / SECOND_MS)
    .describe('Time in which they count, and after which it may try again.'),
  root_key_enable_seconds: wholeNumber(0, DAY_SECONDS)
    .default(DELAYS.enableAfterMs / SECOND_MS)
    .describe('How long a disabled root key rests before it can be enabled.'),
  root_key_rotate_seconds: wholeNumber(0, DAY_SECONDS)
    .default(DELAYS.rotateAfterMs / SECOND_MS)
    .describe('How long a root key rests between two rotations.'),
  oidc: listOf(oidcIssuer).max(16, { error: 'must have at most 16 issuers' }).default([]),
  metrics: oneOf('loopback', 'token', 'off')
    .default('loopback')
    .describe(
      'Who may read `/metrics`: callers on this machine, whoever has the token, or nobody.',
    ),
  metrics_token_file: text()
    .optional()
    .describe('File with that token (at least 16 characters), mode 0600; needed by `token`.'),
})
  .refine((api) => api.network === 'public' || api.private_cidrs.length === 0, {
    error: 'counts for nothing unless api.network is public',
    path: ['private_cidrs'],
  })
  .refine((api) => api.metrics !== 'token' || api.metrics_token_file !== undefined, {
    error: 'is needed when api.metrics is token',
    path: ['metrics_token_file'],
  })
  .refine((api) => api.metrics === 'token' || api.metrics_token_file === undefined, {
    error: 'counts for nothing unless api.metrics is token',
    path: ['metrics_token_file'],
  })
  .refine((api) => new Set(api.oidc.map(({ issuer }) => issuer)).size === api.oidc.length, {
    error: 'must have one entry for each issuer',
    path: ['oidc'],
  });

export type ApiSettings = z.output<typeof apiSettings>;
