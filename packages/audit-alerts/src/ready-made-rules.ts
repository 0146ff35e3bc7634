/** Rules that most installations want, by name. */
import type { AlertRule } from './rule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const ONCE_AN_HOUR = { kind: 'count', count: 1, windowMs: MINUTE_MS, cooldownMs: HOUR_MS } as const;

export const READY_MADE_RULES = [
  {
    name: 'destroy-burst',
    kind: 'count',
    actions: [
      'hs-crypto.kmip-key.destroy',
      'hs-crypto.secrets.delete',
      'hs-crypto.kmip-management.delete',
    ],
    outcomes: ['success'],
    count: 20,
    windowMs: 10 * MINUTE_MS,
    by: 'initiator',
    cooldownMs: 10 * MINUTE_MS,
  },
  {
    name: 'refused-certificates',
    kind: 'count',
    actions: ['claviger.kmip-connection.refuse'],
    count: 20,
    windowMs: 5 * MINUTE_MS,
    by: 'initiator',
    cooldownMs: 30 * MINUTE_MS,
  },
  {
    name: 'failed-log-ins',
    kind: 'count',
    actions: ['claviger.apikey.login'],
    outcomes: ['failure'],
    count: 10,
    windowMs: 5 * MINUTE_MS,
    by: 'none',
    cooldownMs: 30 * MINUTE_MS,
  },
  {
    ...ONCE_AN_HOUR,
    name: 'use-after-disable',
    actions: ['hs-crypto.kmip-key*', 'claviger.kmip-key*', 'hs-crypto.secrets.*'],
    outcomes: ['failure'],
    reasonCodes: [409],
    reasonText: 'root key of the adapter is disabled',
    by: 'adapter',
  },
  {
    ...ONCE_AN_HOUR,
    name: 'sink-lag',
    actions: ['claviger.audit-sink.lag'],
    outcomes: ['failure'],
    by: 'none',
  },
  {
    ...ONCE_AN_HOUR,
    name: 'verification-failure',
    actions: ['claviger.audit-log.verify'],
    outcomes: ['failure'],
    by: 'none',
  },
  {
    name: 'new-certificate',
    kind: 'first-use',
    actions: ['hs-crypto.kmip-*', 'claviger.kmip-*'],
    outcomes: ['success'],
    count: 1,
    windowMs: MINUTE_MS,
    by: 'initiator',
    cooldownMs: MINUTE_MS,
  },
  {
    name: 'silence',
    kind: 'absence',
    actions: ['hs-crypto.kmip-key*', 'claviger.kmip-*'],
    count: 1,
    windowMs: HOUR_MS,
    by: 'none',
    cooldownMs: HOUR_MS,
  },
] as const satisfies readonly AlertRule[];

export type ReadyMadeName = (typeof READY_MADE_RULES)[number]['name'];

/** Those that are on unless somebody says otherwise: what they tell is never usual. */
export const DEFAULT_RULES = [
  'destroy-burst',
  'refused-certificates',
  'failed-log-ins',
  'use-after-disable',
  'sink-lag',
  'verification-failure',
] as const satisfies readonly ReadyMadeName[];
